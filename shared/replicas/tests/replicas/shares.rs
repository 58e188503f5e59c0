//! Who takes how much of a limit.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use waybill_domain::Share;
use waybill_replicas::Roster;
use waybill_store::tables::replicas;
use waybill_store::{ServerOptions, Store, StoreError, StoreOptions};
use waybill_testkit::servers::postgres;
use waybill_testkit::{ChaosProxy, eventually};

use crate::processes::{Database, PATIENCE};

const EVERY: Duration = Duration::from_millis(20);
const LIVE: Duration = Duration::from_millis(1500);
const LIMIT: u32 = 5;

/// One process on the list.
struct Process {
    share: Share,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Process {
    async fn start(store: &Store, name: &str) -> Self {
        Self::looking(store, name, EVERY).await
    }

    async fn looking(store: &Store, name: &str, every: Duration) -> Self {
        let share = Share::default();
        let roster = Roster::new(store, name.to_owned(), [("ingress", share.clone())]);
        let mut roster = roster.with_spans(every, LIVE);
        assert_eq!(share.of(LIMIT), 0, "nothing, until it is known who else is there");
        roster.join().await;
        let stop = CancellationToken::new();
        let task = tokio::spawn(roster.stay_until(stop.clone().cancelled_owned()));
        Self { share, stop, task }
    }

    /// As by SIGTERM.
    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    /// As by SIGKILL.
    fn kill(self) {
        self.task.abort();
    }
}

async fn until(processes: &[&Process], shares: &[u32]) {
    let now = || processes.iter().map(|process| process.share.of(LIMIT)).collect::<Vec<u32>>();
    eventually("the limit is shared out", PATIENCE, async || {
        let shares_now = now();
        assert!(shares_now.iter().sum::<u32>() <= LIMIT, "{shares_now:?}");
        (shares_now == shares).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_limit_is_shared_out_as_processes_come_and_go() {
    let database = Database::new().await;
    let one = Process::start(&database.store, "one").await;
    assert_eq!(one.share.of(LIMIT), 5, "alone, and ready with all of it");
    let two = Process::start(&database.store, "two").await;
    assert_eq!([one.share.of(LIMIT), two.share.of(LIMIT)], [3, 2], "it is ready when there is room");
    let three = Process::start(&database.store, "three").await;
    until(&[&one, &two, &three], &[2, 2, 1]).await;
    one.stop().await;
    until(&[&two, &three], &[3, 2]).await;
    two.kill();
    until(&[&three], &[5]).await;
}

#[tokio::test]
async fn services_do_not_share_with_each_other() {
    let database = Database::new().await;
    let (ingress, callback) = (Share::default(), Share::default());
    for (part, share) in [("ingress", &ingress), ("callback", &callback)] {
        let roster = Roster::new(&database.store, part.to_owned(), [(part, share.clone())]);
        roster.with_spans(EVERY, LIVE).join().await;
    }
    assert_eq!((ingress.of(LIMIT), callback.of(LIMIT)), (5, 5));
}

#[tokio::test]
async fn a_process_that_was_cut_off_comes_back_to_its_own_place() {
    let database = Database::new().await;
    let first = Process::start(&database.store, "one").await;
    first.kill();
    let again = Process::start(&database.store, "one").await;
    assert_eq!(again.share.of(LIMIT), 5, "nobody had to be waited for");
}

#[tokio::test]
async fn the_last_share_stays_while_the_database_is_away() {
    let database = Database::new().await;
    let one = Process::start(&database.store, "one").await;
    let two = Process::start(&database.store, "two").await;
    until(&[&one, &two], &[3, 2]).await;
    database.store.close().await;
    let away = async || {
        let write: Result<(), StoreError> =
            database.store.write("test", (), |_, ()| Box::pin(async { Ok(()) })).await;
        write.err().map(drop)
    };
    eventually("the database is away", PATIENCE, away).await;
    let since = Instant::now();
    eventually("each could be taken for gone", PATIENCE, async || {
        assert_eq!([one.share.of(LIMIT), two.share.of(LIMIT)], [3, 2]);
        (since.elapsed() > 2 * LIVE).then_some(())
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_back_first_after_an_outage_takes_nothing_from_the_others() {
    let database = Database::new().await;
    let one = Process::start(&database.store, "one").await;
    let two = Process::looking(&database.store, "two", LIVE * 2 / 3).await; // comes back later
    until(&[&one, &two], &[3, 2]).await;
    for name in ["one", "two"] {
        let silent = database
            .store
            .write("test", name, |tx, name| Box::pin(replicas::forget(tx, name, Duration::from_secs(3600))));
        silent.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }
    let listed = async || {
        let living = database.store.read("test", (), |tx, ()| Box::pin(replicas::living(tx, LIVE)));
        living.await.unwrap_or_else(|error: StoreError| panic!("{error}")).len()
    };
    for back in [1, 2] {
        eventually("it comes back", PATIENCE, async || {
            let taken = one.share.of(LIMIT) + two.share.of(LIMIT);
            assert!(taken <= LIMIT, "{taken} of {LIMIT} while {back} came back");
            (listed().await == back).then_some(())
        })
        .await;
    }
    two.stop().await;
    until(&[&one], &[5]).await;
}

#[tokio::test]
async fn a_process_that_shares_nothing_is_not_on_the_list() {
    let database = Database::new().await;
    let mut roster = Roster::new(&database.store, "keys".to_owned(), []);
    database.store.close().await;
    assert!(roster.join().await, "it needs no database for it");
}

#[tokio::test]
async fn a_database_that_hangs_keeps_nobody_from_stopping() {
    let database = tokio::task::spawn_blocking(|| postgres().database()).await.unwrap();
    let port = postgres().port();
    let line = ChaosProxy::start(([127, 0, 0, 1], port).into()).await;
    let url = database.url().replacen(&format!(":{port}/"), &format!(":{}/", line.address().port()), 1);
    let options = StoreOptions::Server(ServerOptions { connections: 2, ..ServerOptions::new(url.into()) });
    Store::migrate(&options).await.unwrap();
    let store = Store::open(&options).await.unwrap();
    let one = Process::start(&store, "one").await;
    line.stall();
    let since = Instant::now();
    eventually("it waits for an answer", PATIENCE, async || (since.elapsed() > LIVE).then_some(())).await;
    let asked = Instant::now();
    one.stop().await;
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
}
