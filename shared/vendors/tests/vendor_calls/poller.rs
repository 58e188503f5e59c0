//! The poll loop, in time that a test turns.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::StoreError;
use waybill_testkit::{SeededEntropy, eventually};
use waybill_vendors::{Backlog, Poll, PollOptions, PollerHandle, poll_over};

use crate::support::{PATIENCE, SECOND};

/// Rows in memory, and what was done with them.
#[derive(Default)]
struct Rows {
    due: Mutex<VecDeque<u32>>,
    claims: Mutex<Vec<(Instant, u32)>>,
    worked: Mutex<Vec<u32>>,
    returned: Mutex<Vec<u32>>,
    workers: Mutex<Vec<String>>,
    room: AtomicU32,
    at_work: AtomicUsize,
    most_at_work: AtomicUsize,
    largest_chunk: AtomicUsize,
    takes: Mutex<Duration>,
    is_failing: AtomicBool,
    backlogs: AtomicUsize,
}

/// Work on it panics, and never ends.
const PANICS: u32 = 1_000_000;
const HANGS: u32 = 2_000_000;

impl Rows {
    fn new(due: impl IntoIterator<Item = u32>) -> Arc<Self> {
        let rows = Self { due: Mutex::new(due.into_iter().collect()), ..Self::default() };
        rows.room.store(1000, Ordering::SeqCst);
        *rows.takes.lock().unwrap() = Duration::from_millis(20);
        Arc::new(rows)
    }

    fn worked(&self) -> usize {
        self.worked.lock().unwrap().len()
    }

    fn claims(&self) -> Vec<(Instant, u32)> {
        self.claims.lock().unwrap().clone()
    }
}

#[async_trait]
impl Poll for Rows {
    type Row = u32;

    async fn claim(&self, worker: &str, _: Duration, limit: u32) -> Result<Vec<u32>, StoreError> {
        self.claims.lock().unwrap().push((Instant::now(), limit));
        self.workers.lock().unwrap().push(worker.to_owned());
        if self.is_failing.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("away"));
        }
        let mut due = self.due.lock().unwrap();
        let count = due.len().min(limit as usize);
        Ok(due.drain(..count).collect())
    }

    async fn work(&self, _: &str, rows: Vec<u32>) {
        let at_work = self.at_work.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_work.fetch_max(at_work, Ordering::SeqCst);
        self.largest_chunk.fetch_max(rows.len(), Ordering::SeqCst);
        assert!(!rows.contains(&PANICS), "as the test wants it");
        if rows.contains(&HANGS) {
            std::future::pending::<()>().await;
        }
        let takes = *self.takes.lock().unwrap();
        sleep(takes).await;
        self.at_work.fetch_sub(1, Ordering::SeqCst);
        self.worked.lock().unwrap().extend(rows);
    }

    async fn room(&self) -> u32 {
        self.room.load(Ordering::SeqCst)
    }

    async fn give_back(&self, _: &str, rows: Vec<u32>) {
        self.returned.lock().unwrap().extend(rows);
    }

    async fn backlog(&self) -> Result<Option<Backlog>, StoreError> {
        self.backlogs.fetch_add(1, Ordering::SeqCst);
        let due = self.due.lock().unwrap().len() as u64;
        Ok(Some(Backlog { due, overdue: Duration::ZERO }))
    }
}

struct Running {
    tasks: TaskGroup,
    handle: PollerHandle,
}

fn start(rows: &Arc<Rows>, options: PollOptions) -> Running {
    let tasks = TaskGroup::new(Shutdown::new(10 * SECOND));
    let handle = poll_over(&tasks, &SeededEntropy::new(1).shared(), "rows", Arc::clone(rows), options);
    Running { tasks, handle }
}

impl Running {
    async fn stop(self) {
        self.tasks.shutdown().begin();
        self.tasks.wait().await.unwrap();
    }
}

async fn until_worked(rows: &Rows, count: usize) {
    eventually("they are worked on", 300 * PATIENCE, async || (rows.worked() >= count).then_some(())).await;
}

#[tokio::test(start_paused = true)]
async fn an_idle_poller_asks_once_a_second_at_most() {
    let rows = Rows::new([]);
    let running = start(&rows, PollOptions::default());
    sleep(160 * SECOND).await;
    let asked = rows.claims().len() + rows.backlogs.load(Ordering::SeqCst);
    assert!((140..=161).contains(&asked), "{asked}");
    assert!(rows.backlogs.load(Ordering::SeqCst) >= 8);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_looks_soon_when_it_is_woken_and_many_wakes_are_one_look() {
    let rows = Rows::new([]);
    let running = start(&rows, PollOptions::default());
    sleep(SECOND * 3 / 2).await;
    let before = rows.claims().len();
    rows.due.lock().unwrap().push_back(7);
    let begun = Instant::now();
    for _ in 0..100 {
        running.handle.wake();
        tokio::task::yield_now().await;
    }
    until_worked(&rows, 1).await;
    assert!(begun.elapsed() < SECOND / 5, "{:?}", begun.elapsed());
    assert!(rows.claims().len() - before <= 3, "{:?}", rows.claims());
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn everything_is_worked_on_once_with_no_more_at_a_time_than_allowed() {
    let rows = Rows::new(0..1000);
    let options = PollOptions { concurrency: 8, chunk: 5, ..PollOptions::default() };
    let running = start(&rows, options);
    let begun = Instant::now();
    until_worked(&rows, 1000).await;
    // 200 chunks, 8 at a time, 20 ms each.
    assert!(begun.elapsed() < SECOND * 3 / 2, "{:?}", begun.elapsed());
    let mut worked = rows.worked.lock().unwrap().clone();
    worked.sort_unstable();
    assert_eq!(worked, Vec::from_iter(0..1000));
    assert_eq!(rows.most_at_work.load(Ordering::SeqCst), 8);
    assert_eq!(rows.largest_chunk.load(Ordering::SeqCst), 5);
    assert!(rows.claims().len() < 60, "{} claims", rows.claims().len());
    let workers = rows.workers.lock().unwrap().clone();
    assert!(workers.iter().all(|worker| *worker == workers[0] && worker.len() == 32), "one name");
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn without_room_nothing_is_claimed_and_afterwards_there_is_no_herd() {
    let rows = Rows::new(0..10_000);
    rows.room.store(0, Ordering::SeqCst);
    let running = start(&rows, PollOptions { concurrency: 4, ..PollOptions::default() });
    sleep(600 * SECOND).await;
    assert!(rows.claims().is_empty());
    rows.room.store(1, Ordering::SeqCst); // one is to see whether it works again
    until_worked(&rows, 1).await;
    rows.room.store(40, Ordering::SeqCst);
    until_worked(&rows, 200).await;
    let claims = rows.claims();
    assert_eq!(claims[0].1, 1, "{claims:?}");
    assert!(claims.iter().all(|(_, limit)| *limit <= 16), "no more than its places can take: {claims:?}");
    assert!(rows.most_at_work.load(Ordering::SeqCst) <= 4);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_neither_the_poller_nor_other_work() {
    let rows = Rows::new([1, PANICS, 2, PANICS, 3]);
    let running = start(&rows, PollOptions { concurrency: 2, ..PollOptions::default() });
    until_worked(&rows, 3).await;
    rows.due.lock().unwrap().push_back(4);
    until_worked(&rows, 4).await;
    assert_eq!(*rows.worked.lock().unwrap(), [1, 2, 3, 4]);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_hangs_is_cut_off_before_its_lease_ends() {
    let rows = Rows::new([HANGS, 1]);
    let options = PollOptions { concurrency: 1, lease: 20 * SECOND, ..PollOptions::default() };
    let begun = Instant::now();
    let running = start(&rows, options);
    sleep(17 * SECOND).await;
    assert_eq!(rows.worked(), 0);
    rows.due.lock().unwrap().push_back(2);
    until_worked(&rows, 1).await;
    assert!(begun.elapsed() < 20 * SECOND, "{:?}", begun.elapsed());
    assert_eq!(*rows.worked.lock().unwrap(), [2], "the lease of the other one was over too");
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_stops_promptly_and_gives_back_what_it_has_not_begun() {
    let rows = Rows::new(0..100);
    *rows.takes.lock().unwrap() = SECOND;
    let running = start(&rows, PollOptions { concurrency: 4, ..PollOptions::default() });
    eventually("it is at work", PATIENCE, async || (rows.at_work.load(Ordering::SeqCst) == 4).then_some(()))
        .await;
    let begun = Instant::now();
    running.stop().await;
    assert!(begun.elapsed() <= SECOND, "{:?}", begun.elapsed());
    assert_eq!(rows.worked(), 4, "what was begun is finished");
    let returned = rows.returned.lock().unwrap().len();
    assert_eq!(returned + rows.due.lock().unwrap().len() + 4, 100);
    assert!(returned > 0);
}

#[tokio::test(start_paused = true)]
async fn what_hangs_does_not_keep_the_program_from_stopping() {
    let rows = Rows::new([HANGS]);
    let running = start(&rows, PollOptions::default());
    eventually("it hangs", PATIENCE, async || (rows.at_work.load(Ordering::SeqCst) == 1).then_some(())).await;
    let begun = Instant::now();
    running.stop().await;
    assert!(begun.elapsed() <= 6 * SECOND, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_failing_database_is_left_alone_and_found_again() {
    let rows = Rows::new([1]);
    rows.is_failing.store(true, Ordering::SeqCst);
    let running = start(&rows, PollOptions::default());
    sleep(300 * SECOND).await;
    assert!(rows.claims().len() <= 16, "{}", rows.claims().len());
    rows.is_failing.store(false, Ordering::SeqCst);
    let begun = Instant::now();
    until_worked(&rows, 1).await;
    assert!(begun.elapsed() < 35 * SECOND, "{:?}", begun.elapsed());
    running.stop().await;
}
