//! The work of deleting.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use waybill_domain::{SharedClock, Timestamp};
use waybill_runtime::{Shutdown, failpoint};
use waybill_store::{Store, StoreError};

use crate::bounds::Bounds;
use crate::pace::Pace;
use crate::sweep::{self, Begin, LEASE_LENGTH, Sweep};
use crate::things::{self, Next, Thing};
use crate::{Periods, Tally};

/// After this long a run ends, and another one soon follows.
const LONGEST_RUN: Duration = Duration::from_secs(15 * 60);
const AFTER_STOPPED: Duration = Duration::from_secs(60);
const AFTER_FAILURE: Duration = Duration::from_secs(300);

/// Deletes, batch by batch, what the periods say.
pub struct Retention {
    /// Where everything is kept.
    pub store: Store,
    /// The node's own clock. The database's counts, unless this one is behind: a clock that is ahead must not delete.
    pub clock: SharedClock,
    /// Names this process among those that could do the work.
    pub token: String,
    /// How long things are kept.
    pub periods: Periods,
    /// Whom the audit names: `node` or `operator`.
    pub actor: &'static str,
}

impl Retention {
    /// Works at once and then every hour, until the shutdown is requested.
    pub async fn run(self, shutdown: Shutdown) {
        let work = async {
            loop {
                sleep(self.once().await).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = shutdown.requested() => self.let_go().await,
        }
    }

    /// So that the next start need not wait for the lease to end; no harm is done when it fails.
    async fn let_go(&self) {
        let work = self
            .store
            .write("retention::release", self.token.clone(), |tx, token| Box::pin(sweep::release(tx, token)));
        let released: Result<(), StoreError> = work.await;
        if let Err(error) = released {
            tracing::debug!(%error, "the lease on deleting ends by itself");
        }
    }

    /// Gives the time until the next attempt.
    async fn once(&self) -> Duration {
        match self.sweep(false).await {
            Ok(Sweep::Done(deleted)) => {
                report(&deleted);
                sweep::EVERY
            }
            Ok(Sweep::Stopped(deleted)) => {
                report(&deleted);
                AFTER_STOPPED
            }
            Ok(Sweep::Busy) => LEASE_LENGTH,
            Ok(Sweep::NotDue { wait }) => wait,
            Err(error) => {
                tracing::warn!(%error, "deleting by age failed; the next try is in five minutes");
                AFTER_FAILURE
            }
        }
    }

    /// Does the work once, when it is due or `anyway`.
    ///
    /// # Errors
    /// [`StoreError`]; what was deleted until then stays so, and the audit of the next run counts it.
    pub async fn sweep(&self, anyway: bool) -> Result<Sweep, StoreError> {
        let work = (self.token.clone(), self.periods.verifications, anyway);
        let begin = self.store.write("retention::begin", work, |tx, (token, period, anyway)| {
            Box::pin(sweep::begin(tx, token, *period, *anyway))
        });
        let there = match begin.await? {
            Begin::Now(there) => there,
            Begin::No(why) => return Ok(why),
        };
        self.delete(Bounds::at(there.min(self.clock.now()), &self.periods)).await
    }

    async fn delete(&self, bounds: Bounds) -> Result<Sweep, StoreError> {
        let end = Instant::now() + LONGEST_RUN;
        for thing in things::all(&bounds) {
            let (mut from, mut pace) = (None, Pace::default());
            loop {
                let began = Instant::now();
                let next = self.step(&thing, from, pace.limit()).await?;
                failpoint("retention.batch");
                match next {
                    None => return Ok(Sweep::Busy), // we were away for so long that somebody took over
                    Some(Next::Nothing) => break,
                    Some(Next::Again) => {}
                    Some(Next::After(place)) => from = Some(place),
                }
                if Instant::now() >= end {
                    return Ok(self.end(bounds, false).await?.map_or(Sweep::Busy, Sweep::Stopped));
                }
                sleep(pace.after(began.elapsed())).await;
            }
        }
        Ok(self.end(bounds, true).await?.map_or(Sweep::Busy, Sweep::Done))
    }

    async fn step(
        &self,
        thing: &Arc<dyn Thing>,
        from: Option<waybill_store::tables::verifications::Cursor>,
        limit: u32,
    ) -> Result<Option<Next>, StoreError> {
        let work = (self.token.clone(), Arc::clone(thing), from, limit);
        self.store
            .write("retention::step", work, |tx, (token, thing, from, limit)| {
                Box::pin(sweep::step(tx, token, thing, *from, *limit))
            })
            .await
    }

    async fn end(&self, bounds: Bounds, whole: bool) -> Result<Option<Tally>, StoreError> {
        let work = (self.token.clone(), self.actor, bounds, self.periods.verifications, whole);
        self.store
            .write("retention::end", work, |tx, (token, actor, bounds, period, whole)| {
                Box::pin(sweep::end(tx, token, actor, bounds, *period, *whole))
            })
            .await
    }

    /// The time by which a preview of the next run must go.
    pub(crate) async fn now(&self) -> Result<Timestamp, StoreError> {
        let there =
            self.store.read("clock::now", (), |tx, ()| Box::pin(waybill_store::tables::clock::now(tx)));
        Ok(there.await?.min(self.clock.now()))
    }
}

fn report(deleted: &Tally) {
    if !deleted.is_empty() {
        tracing::info!(deleted = %deleted.to_json(), "deleted what was kept long enough");
    }
}
