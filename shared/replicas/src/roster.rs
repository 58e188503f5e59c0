//! Says again and again that this process is there, and learns who else is.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use waybill_domain::Share;
use waybill_store::tables::replicas::{self, Replica};
use waybill_store::{Store, StoreError};

use crate::seat::Seat;

/// How often a process says that it is there.
const EVERY: Duration = Duration::from_secs(1);
/// The same while it waits for its first share.
const EVERY_AT_FIRST: Duration = Duration::from_millis(200);
/// A process that was silent for so long is gone, or cannot reach the database and so gets no work from it.
const LIVE: Duration = Duration::from_secs(8);
/// Rows of those that stopped without a word are removed after it.
const FORGET: Duration = Duration::from_secs(24 * 3600);
/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// The list of processes that share a database, and this one's place in it.
///
/// While the database is away the last known share stays.
pub struct Roster {
    store: Store,
    node_id: String,
    seats: Vec<Seat>,
    every: Duration,
    live: Duration,
}

impl Roster {
    /// For the services that this process runs, with the share that each takes of its limits. From now on each share
    /// is nothing, until it is known who else is there.
    pub fn new(
        store: &Store,
        node_id: String,
        shares: impl IntoIterator<Item = (&'static str, Share)>,
    ) -> Self {
        let seats = shares.into_iter().map(|(part, share)| Seat::new(part, share)).collect();
        Self { store: store.clone(), node_id, seats, every: EVERY, live: LIVE }
    }

    /// With other spans: how often it says that it is there, and how long others are believed to be.
    #[must_use]
    pub fn with_spans(self, every: Duration, live: Duration) -> Self {
        Self { every, live, ..self }
    }

    /// Takes this process's part of the limits. It waits until the others have made room, at the longest until one
    /// that died is taken for gone.
    pub async fn join(&mut self) {
        let give_up = Instant::now() + self.live + 3 * self.every;
        loop {
            self.look().await;
            if self.seats.iter().all(Seat::is_settled) || Instant::now() > give_up {
                return;
            }
            sleep(EVERY_AT_FIRST.min(self.every)).await;
        }
    }

    /// Stays on the list until `stopped`, then tells the others that this process is gone: after its last call, since they
    /// take over what was its part.
    pub async fn stay_until(mut self, stopped: impl Future<Output = ()>) {
        let mut stopped = std::pin::pin!(stopped);
        loop {
            tokio::select! {
                () = sleep(self.every) => {}
                () = &mut stopped => break,
            }
            self.look().await; // to its end: what is said late would be a ghost
        }
        self.leave().await;
    }

    async fn leave(self) {
        if self.store.is_away() {
            return; // the others find out by its silence
        }
        let gone = self.store.write("replicas::leave", self.node_id, |tx, node_id| {
            Box::pin(replicas::forget(tx, node_id, FORGET))
        });
        match timeout(FAREWELL, gone).await {
            Ok(Ok::<(), StoreError>(())) => {}
            _ => tracing::debug!("the other processes were not told that this one has stopped"),
        }
    }

    async fn look(&mut self) {
        match self.rounds().await {
            Ok(()) => {}
            Err(error) => {
                if !self.store.is_away() {
                    tracing::warn!(%error, "it is not known who shares the limits: all stays as it was");
                }
            }
        }
    }

    /// What is new is said at once, so that nobody waits for it. Each round settles what the last one said.
    async fn rounds(&mut self) -> Result<(), StoreError> {
        let mut rounds_left = 4;
        while self.round().await? && rounds_left > 0 {
            rounds_left -= 1;
        }
        Ok(())
    }

    async fn round(&mut self) -> Result<bool, StoreError> {
        let said: Vec<Replica> = self.seats.iter().map(|seat| seat.said_by(&self.node_id)).collect();
        let live = self.live;
        // Two transactions: what is read must be younger than what the others can read.
        let put = self.store.write("replicas::put", said, move |tx, said| {
            Box::pin(async move {
                for replica in said {
                    replicas::put(tx, replica, live).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        put.await?;
        let living = self
            .store
            .read("replicas::living", live, |tx, live| Box::pin(replicas::living(tx, *live)))
            .await?;
        let mut is_new = false;
        for seat in &mut self.seats {
            let before = seat.share().place();
            is_new |= seat.settle(&self.node_id, &living);
            let after = seat.share().place();
            if before != after {
                tracing::info!(
                    part = seat.part(),
                    place = after.number,
                    of = after.of,
                    "share of the limits"
                );
            }
        }
        Ok(is_new)
    }
}
