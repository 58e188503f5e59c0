//! Says again and again that this process is there, and learns who else is.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use waybill_domain::Share;
use waybill_store::tables::replicas::{self, Replica};
use waybill_store::{Store, StoreError};

use crate::seat::Seat;

/// How often a process looks who is there: a query that changes nothing.
const EVERY: Duration = Duration::from_secs(1);
/// The same while it waits for its first share.
const EVERY_AT_FIRST: Duration = Duration::from_millis(200);
/// That it is there still it says so often in `LIVE`, for each time is a flush of the database's log. News is said at once.
const SAID_IN_LIVE: u32 = 3;
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
    /// When the others could last read what this process has to say; none while there is news.
    said: Option<Instant>,
    /// The same, with or without news since.
    last_said: Option<Instant>,
    /// Until then a silence of others proves nothing: nobody could be heard of.
    deaf_until: Option<Instant>,
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
        Self {
            store: store.clone(),
            node_id,
            seats,
            said: None,
            last_said: None,
            deaf_until: None,
            every: EVERY,
            live: LIVE,
        }
    }

    /// With other spans: how often it looks who is there, and how long others are believed to be.
    #[must_use]
    pub fn with_spans(self, every: Duration, live: Duration) -> Self {
        Self { every, live, ..self }
    }

    /// Takes this process's part of the limits. It waits until the others have made room, at the longest until one
    /// that died is taken for gone; false when they have not, and it gets the rest as soon as they do.
    pub async fn join(&mut self) -> bool {
        let give_up = Instant::now() + self.live + 3 * self.every;
        loop {
            self.look().await;
            if self.seats.iter().all(Seat::is_settled) {
                return true;
            }
            if Instant::now() > give_up {
                return false;
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
            let mut look = std::pin::pin!(self.look());
            tokio::select! {
                () = &mut look => continue,
                () = &mut stopped => {}
            }
            // To its end if it can be: what is said late would be a ghost. A database that hangs does not keep the process.
            match timeout(FAREWELL, look).await {
                Ok(()) => break,
                Err(_) => return,
            }
        }
        self.leave().await;
    }

    /// Tells the others that this process is gone.
    pub async fn leave(self) {
        if self.store.is_away() || self.seats.is_empty() {
            return; // the others find out by its silence, if they care
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
        if let Err(error) = self.rounds().await
            && !self.store.is_away()
        {
            tracing::warn!(%error, "it is not known who shares the limits: all stays as it was");
        }
    }

    /// What is new is said at once, so that nobody waits for it. Each round settles what the last one said.
    async fn rounds(&mut self) -> Result<(), StoreError> {
        if self.seats.is_empty() {
            return Ok(()); // it shares nothing with anybody
        }
        for _round in 0..5 {
            if self.said.is_none_or(|said| said.elapsed() >= self.live / SAID_IN_LIVE) {
                self.say().await?;
            }
            self.read().await?;
            if self.said.is_some() {
                break;
            }
        }
        Ok(())
    }

    async fn say(&mut self) -> Result<(), StoreError> {
        let begun = Instant::now();
        let said: Vec<Replica> = self.seats.iter().map(|seat| seat.said_by(&self.node_id)).collect();
        let live = self.live;
        let put = self.store.write("replicas::put", said, move |tx, said| {
            Box::pin(async move {
                let mut still_there = true;
                for replica in said {
                    still_there &= replicas::put(tx, replica, live).await?;
                }
                Ok::<_, StoreError>(still_there)
            })
        });
        let still_there = put.await?;
        // After an outage, or when the clock was set, everybody looks dead to whoever comes back first.
        if self.last_said.is_some_and(|last| !still_there || begun - last > self.live / 2) {
            self.deaf_until = Some(Instant::now() + self.live);
        }
        (self.said, self.last_said) = (Some(begun), Some(begun));
        Ok(())
    }

    /// Not in the transaction that says something: what is read must be younger than what the others can read.
    async fn read(&mut self) -> Result<(), StoreError> {
        let living = self
            .store
            .read("replicas::living", self.live, |tx, live| Box::pin(replicas::living(tx, *live)))
            .await?;
        let may_grow = self.deaf_until.is_none_or(|until| Instant::now() >= until);
        for seat in &mut self.seats {
            let before = seat.share().place();
            if seat.settle(&self.node_id, &living, may_grow) {
                self.said = None;
            }
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
        Ok(())
    }
}
