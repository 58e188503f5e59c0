//! Carries between processes which destinations are in trouble, over the database.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use waybill_egress::{BreakerBoard, BreakerChange, Egress, OpenElsewhere, Probe};
use waybill_store::tables::open_breakers::{self, OpenBreaker, ProbeClaim};
use waybill_store::{Store, StoreError};

/// How often the others' news are looked for.
const EVERY: Duration = Duration::from_secs(1);
/// How long a call waits for leave to probe before it goes ahead.
const PATIENCE: Duration = Duration::from_secs(1);
/// While somebody probes, the others ask again after it: most probes take less.
const WHILE_PROBED: Duration = Duration::from_secs(1);
/// Beyond the length of a call: a probe that is not heard of by then never will be.
const MARGIN: Duration = Duration::from_secs(2);
/// A destination that nobody called for so long is called anew.
const FORGET: Duration = Duration::from_secs(3600);

/// What the processes over one database know of destinations in trouble. Nothing is written while all work, and no
/// call waits for the database but one that sees whether a destination works again.
pub struct Board {
    store: Store,
    node_id: String,
    longest: Duration,
    /// The latest of each destination that the others have not heard of.
    untold: Mutex<HashMap<String, BreakerChange>>,
    news: Notify,
}

impl Board {
    /// A board under this process's name. What would last longer than `longest` was noted before the database's clock was
    /// set back, and is taken for over.
    pub fn new(store: &Store, node_id: String, longest: Duration) -> Arc<Self> {
        let (store, news) = (store.clone(), Notify::new());
        Arc::new(Self { store, node_id, longest, untold: Mutex::default(), news })
    }

    /// Passes on what a client learns, and tells it what the others learned, until the future is dropped.
    pub async fn work(self: Arc<Self>, egress: Egress) {
        loop {
            if let Err(error) = self.exchange(&egress).await
                && !self.store.is_away()
            {
                tracing::warn!(%error, "what other processes know of destinations in trouble is not known");
            }
            tokio::select! {
                () = sleep(EVERY) => {}
                () = self.news.notified() => {}
            }
        }
    }

    async fn exchange(&self, egress: &Egress) -> Result<(), StoreError> {
        let told = self.tell_all().await;
        let open = self.store.read("open_breakers::all", self.longest, |tx, longest| {
            Box::pin(open_breakers::all(tx, *longest))
        });
        let open = open.await?;
        let open: Vec<OpenElsewhere> = open.into_iter().map(elsewhere).collect();
        let untold: HashSet<String> = self.untold().keys().cloned().collect();
        egress.hear(&open, &untold);
        told
    }

    /// What could not be told stays for the next time, unless something newer came; it holds up nothing else.
    async fn tell_all(&self) -> Result<(), StoreError> {
        let changes: Vec<(String, BreakerChange)> =
            self.untold().iter().map(|(name, change)| (name.clone(), *change)).collect();
        let mut failed = Ok(());
        for (destination, change) in changes {
            if let Err(error) = self.write(&destination, change).await {
                failed = Err(error);
                continue;
            }
            let mut untold = self.untold();
            if untold.get(&destination) == Some(&change) {
                untold.remove(&destination);
            }
        }
        failed
    }

    async fn write(&self, destination: &str, change: BreakerChange) -> Result<(), StoreError> {
        let (names, longest) = ((destination.to_owned(), self.node_id.clone()), self.longest);
        self.store
            .write("open_breakers::change", names, move |tx, (destination, node_id)| {
                Box::pin(async move {
                    match change {
                        BreakerChange::Opened { pause, failed_probes } => {
                            let breaker = OpenBreaker {
                                destination: destination.clone(),
                                left: pause,
                                probed_for: Duration::ZERO,
                                failed_probes,
                            };
                            open_breakers::open(tx, &breaker, longest, FORGET).await
                        }
                        BreakerChange::Closed => open_breakers::close(tx, destination).await,
                        BreakerChange::Released => {
                            open_breakers::release_probe(tx, destination, node_id).await
                        }
                    }
                })
            })
            .await
    }

    /// Whole after every step, so a panic elsewhere does no harm.
    fn untold(&self) -> MutexGuard<'_, HashMap<String, BreakerChange>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BreakerBoard for Board {
    fn tell(&self, destination: &str, change: BreakerChange) {
        self.untold().insert(destination.to_owned(), change);
        self.news.notify_one();
    }

    async fn claim_probe(&self, destination: &str, length: Duration) -> Probe {
        if self.store.is_away() || self.untold().contains_key(destination) {
            return Probe::Ours; // the others know less than this process
        }
        let asked = (destination.to_owned(), self.node_id.clone(), length + MARGIN);
        let longest = self.longest;
        let claim = self.store.write(
            "open_breakers::claim_probe",
            asked,
            move |tx, (destination, node_id, length)| {
                Box::pin(open_breakers::claim_probe(tx, destination, node_id, *length, longest))
            },
        );
        match timeout(PATIENCE, claim).await {
            Ok(Ok::<_, StoreError>(ProbeClaim::Refused(open))) => {
                Probe::Theirs { retry_after: elsewhere(open).left.max(Duration::from_millis(1)) }
            }
            Ok(Ok(ProbeClaim::Taken | ProbeClaim::Closed) | Err(_)) | Err(_) => Probe::Ours,
        }
    }
}

fn elsewhere(open: OpenBreaker) -> OpenElsewhere {
    let OpenBreaker { destination, left, probed_for, failed_probes } = open;
    OpenElsewhere { destination, left: left.max(probed_for.min(WHILE_PROBED)), failed_probes }
}
