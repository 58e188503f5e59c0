//! The worker. Every node runs one; the lease lets one of them work.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::Notify;
use tokio::time::Instant;
use waybill_domain::SharedClock;
use waybill_runtime::{Shutdown, failpoint};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::keyring::nodes::Spans;
use waybill_store::tables::keyring::resealing::{self, Progress};
use waybill_store::tables::leases;
use waybill_store::{Store, StoreError};
use waybill_vault::Vault;

use super::batch::{self, Batch};
use super::situation::{self, Situation};
use super::tables::{FIRST_TABLE, after};

const LEASE_NAME: &str = "resealing";
/// Renewed with each step; whoever dies is followed after it.
const LEASE: Duration = Duration::from_secs(15);
/// How often it is looked whether there is something to do.
const LOOK: Duration = Duration::from_secs(3);
/// A pass that finds nothing reads so many more rows at a time.
const LOOKING: u32 = 32;
/// The longest rest between two steps, however slow the database is.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// A value that does not open is named; with this many in one pass the sum at its end must do.
const NAMED_AT_MOST: u32 = 20;
/// Steps between two lines in the log.
const LOG_EVERY: Duration = Duration::from_secs(30);

/// Seals again whatever is not sealed with the key that seals now.
pub struct Resealer {
    /// Where everything is kept.
    pub store: Store,
    /// Has the keys.
    pub vault: Vault,
    /// The current time.
    pub clock: SharedClock,
    /// Names this process among those that could do the work.
    pub token: String,
    /// Rows in one transaction.
    pub batch: u32,
    /// Percentage of its time for which it may keep the database busy.
    pub share: u32,
    /// Which nodes count, and when what they sealed before has arrived.
    pub spans: Spans,
    /// Tells it to look at once.
    pub changed: Arc<Notify>,
}

/// What one step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is nothing to do, or it is not for this process.
    Idle,
    /// Some values were looked at.
    Worked,
    /// Nothing is left that is sealed with another key, but for values that do not open.
    Finished,
}

impl Resealer {
    /// Works whenever there is something to do, until the shutdown is requested.
    pub async fn run(self, shutdown: Shutdown) {
        let work = async {
            let mut span = self.batch;
            let mut logged = Instant::now();
            loop {
                let begun = Instant::now();
                match self.step_over(&mut span, &mut logged).await {
                    Ok(Step::Worked) => tokio::time::sleep(rest(begun.elapsed(), self.share)).await,
                    Ok(Step::Idle | Step::Finished) => self.wait().await,
                    Err(StoreError::GuardLost(_)) => self.wait().await, // another process has the lease by now
                    Err(error) => {
                        if !self.store.is_away() {
                            tracing::warn!(%error, "sealing again goes on later");
                        }
                        self.wait().await;
                    }
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = shutdown.requested() => self.let_go().await,
        }
    }

    /// So that another process, or the next start, need not wait for the lease to end; no harm is done when it fails.
    async fn let_go(&self) {
        let work = self.store.write("reseal::release", self.token.clone(), |tx, token| {
            Box::pin(leases::release(tx, LEASE_NAME, token))
        });
        let released: Result<(), StoreError> = work.await;
        if let Err(error) = released {
            tracing::debug!(%error, "the lease on sealing again ends by itself");
        }
    }

    async fn wait(&self) {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = self.changed.notified() => {}
        }
    }

    /// Does one step.
    ///
    /// # Errors
    /// [`StoreError`]; `GuardLost` when another process has taken over.
    pub async fn step(&self) -> Result<Step, StoreError> {
        self.step_over(&mut self.batch.clone(), &mut Instant::now()).await
    }

    async fn step_over(&self, span: &mut u32, logged: &mut Instant) -> Result<Step, StoreError> {
        let key = self.vault.keyring().sealing_key_name().to_owned();
        let args = (key.clone(), self.spans);
        let situation = self
            .store
            .read("reseal::situation", args, |tx, (key, spans)| Box::pin(situation::read(tx, key, *spans)));
        let situation: Situation = situation.await?;
        if situation.newest.as_ref() != Some(&key) {
            return Ok(Step::Idle); // not announced yet, or another node is ahead of this one
        }
        match situation.progress.clone() {
            None => self.begin(key).await,
            Some(progress) if progress.pass_is_settled && !situation.all_agree => self.reopen(progress).await,
            Some(done) if done.finished_at.is_some() => Ok(Step::Idle),
            Some(progress) if progress.table.is_empty() => self.next_pass(progress, &situation).await,
            Some(progress) => {
                if logged.elapsed() >= LOG_EVERY {
                    *logged = Instant::now();
                    let Progress { pass, table, after_id, resealed, .. } = &progress;
                    tracing::info!(key, pass, table, after_id, resealed, "sealing again");
                }
                self.go_on(progress, span).await
            }
        }
    }

    async fn begin(&self, key: String) -> Result<Step, StoreError> {
        if !self.lease().await? {
            return Ok(Step::Idle);
        }
        tracing::info!(key, "everything that is sealed with another key is sealed again");
        let begin = self
            .store
            .write("reseal::begin", key, |tx, key| Box::pin(resealing::begin(tx, key, FIRST_TABLE)));
        begin.await.map(|()| Step::Worked)
    }

    /// A node has appeared that seals with an older key: this pass is not the last one, since what the node adds where the
    /// pass has been is found by a pass after it agrees.
    async fn reopen(&self, mut progress: Progress) -> Result<Step, StoreError> {
        tracing::warn!(key = progress.key_name, "a node seals with an older key than the others");
        if progress.finished_at.is_some() {
            progress.table = String::new();
        }
        progress.pass_is_settled = false;
        self.store_step(Batch::default(), progress, false).await
    }

    async fn next_pass(&self, mut progress: Progress, situation: &Situation) -> Result<Step, StoreError> {
        if progress.pass_is_settled && progress.found == 0 {
            return self.finish(progress).await;
        }
        if !situation.all_settled {
            return Ok(Step::Idle); // what older nodes still add would be missed
        }
        progress.pass = progress.pass.saturating_add(1);
        progress.pass_is_settled = true;
        (progress.table, progress.after_id) = (FIRST_TABLE.to_owned(), 0);
        (progress.found, progress.unreadable) = (0, 0);
        self.store_step(Batch::default(), progress, false).await
    }

    async fn finish(&self, progress: Progress) -> Result<Step, StoreError> {
        let Progress { key_name, resealed, unreadable, .. } = progress.clone();
        self.store_step(Batch::default(), progress, true).await?;
        failpoint("reseal.finished");
        if unreadable > 0 {
            tracing::error!(
                alarm = "sealed-value",
                key = key_name,
                unreadable,
                "values do not open and were left as they are; their key must not be thrown away"
            );
        }
        tracing::info!(key = key_name, resealed, "nothing is left that another key has sealed");
        Ok(Step::Finished)
    }

    async fn go_on(&self, mut progress: Progress, span: &mut u32) -> Result<Step, StoreError> {
        if !self.lease().await? {
            return Ok(Step::Idle);
        }
        let Progress { key_name, table, after_id, .. } = &progress;
        let batch = batch::prepare(&self.store, &self.vault, key_name, table, *after_id, *span).await?;
        failpoint("reseal.sealed");
        if self.vault.keyring().sealing_key_name() != key_name {
            return Ok(Step::Idle); // changed meanwhile: what was sealed now may be sealed with yet another key
        }
        *span = if batch.found == 0 { self.batch.saturating_mul(LOOKING) } else { self.batch };
        self.name_unreadable(&batch, progress.unreadable);
        progress.found = progress.found.saturating_add(batch.found);
        progress.resealed += i64::from(batch.found);
        progress.unreadable =
            progress.unreadable.saturating_add(u32::try_from(batch.unreadable.len()).unwrap_or(u32::MAX));
        match batch.up_to {
            Some(up_to) => progress.after_id = up_to,
            None => (progress.table, progress.after_id) = (after(&progress.table).to_owned(), 0),
        }
        let step = self.store_step(batch, progress, false).await;
        failpoint("reseal.stored");
        step
    }

    fn name_unreadable(&self, batch: &Batch, before: u32) {
        let named = NAMED_AT_MOST.saturating_sub(before) as usize;
        for place in batch.unreadable.iter().take(named) {
            tracing::error!(
                alarm = "sealed-value",
                table = place.table,
                column = place.column,
                row = place.id,
                "a value does not open and is left as it is"
            );
        }
    }

    async fn lease(&self) -> Result<bool, StoreError> {
        let lease = self.store.write("reseal::lease", self.token.clone(), |tx, token| {
            Box::pin(leases::acquire(tx, LEASE_NAME, token, LEASE))
        });
        lease.await
    }

    /// The values and how far it has come, in one transaction that only the holder of the lease can make.
    async fn store_step(&self, batch: Batch, progress: Progress, finished: bool) -> Result<Step, StoreError> {
        let args = (batch, progress, finished, self.token.clone(), self.clock.now());
        let stored =
            self.store.write("reseal::store", args, |tx, (batch, progress, finished, token, now)| {
                Box::pin(async move {
                    if !leases::acquire(tx, LEASE_NAME, token, LEASE).await? {
                        return Err(StoreError::GuardLost("re-sealing"));
                    }
                    batch.write(tx, *now).await?;
                    resealing::save(tx, progress, *finished).await?;
                    if *finished {
                        audit::append(tx, &finished_entry(progress, *now)).await?;
                    }
                    Ok(())
                })
            });
        stored.await.map(|()| Step::Worked)
    }
}

fn finished_entry(progress: &Progress, at: waybill_domain::Timestamp) -> AuditEntry {
    AuditEntry {
        at,
        event: "KEYRING-RESEALED",
        actor: "node".to_owned(),
        subject: Some(progress.key_name.clone()),
        detail: json!({"values": progress.resealed, "unreadable": progress.unreadable}),
    }
}

/// The rest after a step, so that steps take `share` percent of the time. A database that is busy with others makes
/// steps longer, and so the rests.
fn rest(step: Duration, share: u32) -> Duration {
    let share = share.clamp(1, 100);
    (step * (100 - share) / share).clamp(Duration::from_millis(1), LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slower_a_step_the_longer_the_rest() {
        let ms = Duration::from_millis;
        assert_eq!(rest(ms(10), 20), ms(40));
        assert_eq!(rest(ms(10), 100), ms(1));
        assert_eq!(rest(ms(100), 20), ms(400));
        assert_eq!(rest(ms(60_000), 20), LONGEST_REST);
        assert_eq!(rest(ms(10), 0), ms(990));
    }
}
