//! Random actions on the store, each held against the model: the two cannot drift apart.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use waybill_domain::{CommandId, Entropy as _, Timestamp};
use waybill_store::tables::commands::{
    self, ClaimedCommand, CommandFilter, CommandLease, CommandStatus, NewCommand,
};
use waybill_store::{Store, StoreError, StoreOptions, Tx, TxFuture};
use waybill_testkit::{SeededEntropy, TestFolder};

use crate::row::{Row, Status};

const KIND: &str = "VERIFY";
const GROUP: &str = "group";
const LONG: Duration = Duration::from_secs(3600);
/// The database's clock shows milliseconds: what ends now is over a moment later.
const MOMENT: Duration = Duration::from_millis(3);
const MOST: u32 = 1_000_000;

struct Both {
    store: Store,
    random: SeededEntropy,
    rows: BTreeMap<i64, Row>,
    /// Every claim that was ever made: workers come back late.
    claims: Vec<(u32, ClaimedCommand)>,
    tokens: u32,
}

fn now() -> Timestamp {
    DateTime::from_timestamp_millis(1_767_323_045_000).unwrap()
}

impl Both {
    async fn run<T: Send + 'static>(
        &self,
        work: impl for<'t> Fn(&'t mut Tx, &'t ()) -> TxFuture<'t, T, StoreError> + Send + Sync + 'static,
    ) -> Result<T, StoreError> {
        self.store.write("model", (), work).await
    }

    fn coin(&self) -> bool {
        self.random.below(2) == 0
    }

    fn any_id(&self) -> i64 {
        i64::try_from(self.random.below(self.rows.len() as u64 + 1)).unwrap()
    }

    fn count(&mut self, statement: fn(&mut Row) -> bool) -> u64 {
        self.rows.values_mut().map(|row| u64::from(statement(row))).sum()
    }

    fn on_one(&mut self, id: i64, statement: impl Fn(&mut Row) -> bool) -> bool {
        self.rows.get_mut(&id).is_some_and(statement)
    }

    async fn act(&mut self) -> &'static str {
        match self.random.below(16) {
            0..=2 => self.add().await,
            3..=4 => self.claim().await,
            5..=6 => self.claim_named().await,
            7..=9 => self.settle().await,
            10 => self.requeue().await,
            11 => self.publish().await,
            12 => self.take_marks_back().await,
            13 => self.wake_or_finish_group().await,
            _ => self.operate().await,
        }
    }

    async fn add(&mut self) -> &'static str {
        let id = i64::try_from(self.rows.len()).unwrap();
        let due = self.coin();
        let delay = if due { Duration::ZERO } else { LONG };
        let new =
            NewCommand::new(CommandId::new(id), KIND, "{}".to_owned(), now()).after(delay).in_group(GROUP);
        self.run(move |tx, ()| {
            let new = new.clone();
            Box::pin(async move { commands::insert(tx, &new).await })
        })
        .await
        .unwrap();
        self.rows.insert(id, Row::added(due, false));
        "add"
    }

    fn lease(&mut self) -> (u32, bool, CommandLease) {
        self.tokens += 1;
        let over = self.coin();
        let length = if over { Duration::ZERO } else { LONG };
        (self.tokens, over, CommandLease { token: self.tokens.to_string(), length })
    }

    async fn claim(&mut self) -> &'static str {
        let (token, over, lease) = self.lease();
        let limit = 1 + self.random.below(3) as u32;
        let claimed = self.run(move |tx, ()| {
            let lease = lease.clone();
            Box::pin(async move { commands::claim(tx, KIND, limit, &lease).await })
        });
        let claimed = claimed.await.unwrap();
        let claimable = self.rows.values().filter(|row| row.is_claimable()).count();
        assert_eq!(claimed.len(), claimable.min(limit as usize));
        self.claimed(token, over, claimed);
        "claim"
    }

    async fn claim_named(&mut self) -> &'static str {
        let (token, over, lease) = self.lease();
        let ids: Vec<CommandId> = (0..3).map(|_| CommandId::new(self.any_id())).collect();
        let named = ids.clone();
        let claimed = self.run(move |tx, ()| {
            let (lease, named) = (lease.clone(), named.clone());
            Box::pin(async move { commands::claim_named(tx, KIND, &named, &lease).await })
        });
        let claimed = claimed.await.unwrap();
        let taken: Vec<i64> = claimed.iter().map(|command| command.id.get()).collect();
        self.claimed(token, over, claimed);
        for id in ids.iter().map(|id| id.get()).filter(|id| !taken.contains(id)) {
            assert!(!self.rows.get(&id).is_some_and(Row::is_claimable), "{id} could have been claimed");
            self.on_one(id, Row::unpublish);
        }
        "claim_named"
    }

    fn claimed(&mut self, token: u32, over: bool, claimed: Vec<ClaimedCommand>) {
        for command in claimed {
            self.rows.get_mut(&command.id.get()).unwrap().claim(token, over);
            self.claims.push((token, command));
        }
    }

    /// By any worker that ever had a command.
    async fn settle(&mut self) -> &'static str {
        if self.claims.is_empty() {
            return "nothing to settle";
        }
        let which = usize::try_from(self.random.below(self.claims.len() as u64)).unwrap();
        let (token, command) = self.claims[which].clone();
        let (id, how, due) = (command.id.get(), self.random.below(3), self.coin());
        let settled = self.run(move |tx, ()| {
            let command = command.clone();
            Box::pin(async move {
                match how {
                    0 => commands::finish(tx, &command).await,
                    1 => {
                        commands::retry(tx, &command, if due { Duration::ZERO } else { LONG }, "later").await
                    }
                    _ => commands::fail(tx, &command, "never").await,
                }
            })
        });
        let settled = settled.await;
        let expected = self.on_one(id, |row| match how {
            0 => row.finish(token),
            1 => row.retry(token, due),
            _ => row.fail(token),
        });
        assert_eq!(settled.is_ok(), expected, "{settled:?}");
        assert!(matches!(settled, Ok(()) | Err(StoreError::GuardLost(_))), "{settled:?}");
        ["finish", "retry", "fail"][how as usize]
    }

    async fn requeue(&mut self) -> &'static str {
        tokio::time::sleep(MOMENT).await;
        if self.random.below(8) == 0 {
            let requeued = self.run(|tx, ()| Box::pin(commands::requeue_held(tx))).await.unwrap();
            assert_eq!(requeued, self.count(Row::requeue_held));
            return "requeue_held";
        }
        let expired = self.run(|tx, ()| Box::pin(commands::requeue_expired(tx, MOST))).await.unwrap();
        assert_eq!((expired.requeued, expired.given_up), (self.count(Row::requeue_expired), 0));
        "requeue_expired"
    }

    async fn publish(&mut self) -> &'static str {
        let published = self.run(|tx, ()| Box::pin(commands::publish(tx, &[], 1000))).await.unwrap();
        let mut published: Vec<i64> = published.iter().map(|command| command.id.get()).collect();
        published.sort_unstable();
        let expected = self.rows.iter_mut().filter_map(|(id, row)| row.publish().then_some(*id));
        assert_eq!(published, expected.collect::<Vec<_>>());
        "publish"
    }

    async fn take_marks_back(&mut self) -> &'static str {
        let id = self.any_id();
        if self.coin() {
            let work = self.run(move |tx, ()| {
                Box::pin(async move { commands::unpublish(tx, &[CommandId::new(id)]).await })
            });
            assert_eq!(work.await.unwrap() == 1, self.on_one(id, Row::unpublish));
            return "unpublish";
        }
        tokio::time::sleep(MOMENT).await;
        let work = self.run(|tx, ()| Box::pin(commands::reclaim_lost(tx, KIND, Duration::ZERO)));
        assert_eq!(work.await.unwrap(), self.count(Row::reclaim_lost));
        "reclaim_lost"
    }

    async fn wake_or_finish_group(&mut self) -> &'static str {
        if self.random.below(4) > 0 {
            let woken = self.run(|tx, ()| Box::pin(commands::wake_group(tx, KIND, GROUP))).await.unwrap();
            assert_eq!(woken, self.count(Row::wake));
            return "wake_group";
        }
        let done = self.run(|tx, ()| Box::pin(commands::finish_group(tx, KIND, GROUP))).await.unwrap();
        assert_eq!(done, self.count(Row::finish_waiting));
        "finish_group"
    }

    /// What the broker and the operators do.
    async fn operate(&mut self) -> &'static str {
        let id = self.any_id();
        let how = self.random.below(3);
        let done = self.run(move |tx, ()| {
            let id = CommandId::new(id);
            Box::pin(async move {
                match how {
                    0 => commands::give_up(tx, id, "expired").await,
                    1 => commands::redrive(tx, id, now()).await,
                    _ => commands::drop_dead(tx, id, now()).await,
                }
            })
        });
        let done = done.await.unwrap();
        let statement = [Row::give_up, Row::redrive, Row::drop_dead][how as usize];
        assert_eq!(done, self.on_one(id, statement));
        ["give_up", "redrive", "drop_dead"][how as usize]
    }

    async fn compare(&self, done: &str) {
        let any = CommandFilter::default();
        let rows = self.store.read("model", any, |tx, any| Box::pin(commands::list(tx, any, 1000)));
        let rows: Result<_, StoreError> = rows.await;
        for row in rows.unwrap() {
            let expected = match self.rows[&row.id.get()].status {
                Status::Created => CommandStatus::Created,
                Status::Processing => CommandStatus::Processing,
                Status::Done => CommandStatus::Done,
                Status::Dead => CommandStatus::Error,
            };
            assert_eq!(row.status, expected, "{} after {done}", row.id);
            assert_eq!(row.dropped_at.is_some(), self.rows[&row.id.get()].dropped);
        }
    }
}

#[tokio::test]
async fn the_store_does_what_the_model_says() {
    let mut done = BTreeMap::<&str, u32>::new();
    for seed in 0..12 {
        let folder = TestFolder::new();
        let file = StoreOptions::Sqlite { path: folder.path().join("test.sqlite"), readers: 1 };
        let store = Store::open(&file).await.unwrap();
        let random = SeededEntropy::new(seed);
        let mut both = Both { store, random, rows: BTreeMap::new(), claims: Vec::new(), tokens: 0 };
        for _ in 0..120 {
            let action = both.act().await;
            *done.entry(action).or_default() += 1;
            both.compare(action).await;
        }
        both.store.close().await;
    }
    assert_eq!(done.len(), 17, "each action was tried: {done:?}");
}
