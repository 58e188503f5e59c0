//! Handing commands out: to one worker at a time, by the database's clock.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use waybill_domain::Timestamp;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, Backlog, ClaimedCommand, CommandStatus, Expired, NewCommand};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;

const SHORT: Duration = Duration::from_millis(20);
/// So often a worker may be lost.
const MANY: u32 = 100;

impl House {
    pub async fn next_due(&self) -> Option<Duration> {
        self.read((), |tx, ()| Box::pin(commands::next_due(tx, KIND))).await.unwrap()
    }

    pub async fn requeue_expired(&self) -> u64 {
        let expired = self.write((), |tx, ()| Box::pin(commands::requeue_expired(tx, MANY))).await.unwrap();
        assert_eq!(expired.given_up, 0);
        expired.requeued
    }

    /// Waits until the leases that ended are noticed.
    pub async fn until_requeued(&self, wanted: u64) {
        let mut requeued = 0;
        eventually("the leases have ended", SOON, async || {
            requeued += self.requeue_expired().await;
            (requeued == wanted).then_some(())
        })
        .await;
    }
}

pub async fn a_command_is_kept_and_handed_out_as_it_was_added(house: House) {
    let traceparent = Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned());
    let new = command(1).in_group("group").holding(LONG).traced(traceparent.clone());
    house.add_commands(vec![new.clone()]).await;
    let row = house.command(&new).await;
    assert_eq!((row.id, row.kind.as_str(), &row.body), (new.id, KIND, &new.body));
    assert_eq!((row.status, row.attempts, row.created_at), (CommandStatus::Created, 0, at(1)));
    assert_eq!((row.finished_at, row.last_error, row.group_key.as_deref()), (None, None, Some("group")));

    let claimed = house.claim(10, "a", LONG).await;
    let [claimed] = &claimed[..] else { panic!("{claimed:?}") };
    assert_eq!((claimed.id, claimed.kind, &claimed.body), (new.id, KIND, &new.body));
    assert_eq!((claimed.created_at, claimed.attempts), (at(1), 1));
    assert_eq!((&claimed.group_key, &claimed.traceparent), (&new.group_key, &traceparent));
    assert_eq!(claimed.lease_token, "a");
    assert_eq!(house.command(&new).await.status, CommandStatus::Processing);
    assert!(house.claim(10, "b", LONG).await.is_empty(), "it is handed out once");
    let found = house.read(new.id, |tx, _| Box::pin(commands::find(tx, waybill_domain::CommandId::new(1))));
    assert!(found.await.unwrap().is_none());
}

pub async fn the_longest_due_comes_first_and_kinds_do_not_meet(house: House) {
    let other = commands::NewCommand { kind: "CALLBACK", ..command(0) };
    house.add_commands(vec![other.clone()]).await;
    for number in [3, 1, 2] {
        house.add_commands(vec![command(number)]).await;
        let due = house.command(&command(number)).await.due_at;
        until_after(&house, due).await;
    }
    assert_eq!(numbers(&house.claim(2, "a", LONG).await), [1, 3], "3 and 1 were due first");
    assert_eq!(numbers(&house.claim(2, "b", LONG).await), [2]);
    assert_eq!(house.command(&other).await.attempts, 0);
}

/// Waits until the database's clock is past a time.
async fn until_after(house: &House, time: Timestamp) {
    let probe = command(999_999);
    eventually("the database's clock goes on", SOON, async || {
        let probed = house.write((probe.clone(), time), |tx, (probe, time)| {
            Box::pin(async move {
                commands::insert(tx, probe).await?;
                let now = commands::find(tx, probe.id).await?.unwrap().due_at;
                // Nothing of the probe stays.
                Err::<(), _>(if now > *time {
                    StoreError::GuardLost("later")
                } else {
                    StoreError::GuardLost("not yet")
                })
            })
        });
        matches!(probed.await, Err(StoreError::GuardLost("later"))).then_some(())
    })
    .await;
}

pub async fn a_delayed_command_waits(house: House) {
    house.add_commands(vec![command(1).after(LONG), command(2).after(Duration::from_millis(20))]).await;
    let claimed = eventually("the second command is due", SOON, async || {
        let claimed = house.claim(10, "a", LONG).await;
        (!claimed.is_empty()).then_some(claimed)
    });
    assert_eq!(numbers(&claimed.await), [2]);
    assert!(house.claim(10, "b", LONG).await.is_empty());
}

pub async fn what_waits_is_counted_by_kind(house: House) {
    let backlog = async |kind: &'static str| {
        house.read(kind, |tx, kind| Box::pin(commands::backlog(tx, kind))).await.unwrap()
    };
    assert_eq!(backlog("VERIFY").await, Backlog::default());
    let other = NewCommand { kind: "CALLBACK", ..command(4) };
    let aged = NewCommand { created_at: at(0), ..command(1).after(LONG) };
    house.add_commands(vec![aged, command(2), command(3), other]).await;
    eventually("time passes", SOON, async || {
        let Backlog { due, delayed, overdue, oldest } = backlog("VERIFY").await;
        assert_eq!((due, delayed), (2, 1));
        assert!(overdue < SOON && oldest > overdue, "{overdue:?} {oldest:?}");
        (!overdue.is_zero()).then_some(())
    })
    .await;
    house.claim(10, "a", LONG).await;
    let left = backlog("VERIFY").await;
    assert_eq!(
        (left.due, left.delayed, left.overdue),
        (0, 1, Duration::ZERO),
        "what a worker has does not wait"
    );
    assert_eq!(backlog("CALLBACK").await.due, 1);
}

pub async fn a_command_added_with_a_lease_is_its_adders(house: House) {
    let new = command(1).leased(lease("mine", LONG));
    house.add_commands(vec![new.clone()]).await;
    assert!(house.claim(10, "a", LONG).await.is_empty());
    let row = house.command(&new).await;
    assert_eq!((row.status, row.attempts), (CommandStatus::Processing, 1));
    let mine = ClaimedCommand {
        id: new.id,
        kind: new.kind,
        body: new.body.clone(),
        created_at: new.created_at,
        attempts: 1,
        group_key: None,
        traceparent: None,
        last_error: None,
        lease_token: "mine".to_owned(),
    };
    house.finish(&mine).await.unwrap();
    assert_eq!(house.command(&new).await.status, CommandStatus::Done);
}

pub async fn concurrent_dispatchers_never_get_the_same_command(house: House) {
    const COMMANDS: i64 = 300;
    house.add_commands((0..COMMANDS).map(command).collect()).await;
    let second = House { store: house.second_store().await, place: house.place.clone() };
    let claims = (0..40).map(|number| {
        let house = if number % 2 == 0 { &house } else { &second };
        async move { numbers(&house.claim(13, &format!("dispatcher {number}"), LONG).await) }
    });
    let mut claimed = join_all(claims).await.concat();
    claimed.sort_unstable();
    assert_eq!(claimed, (0..COMMANDS).collect::<Vec<_>>(), "each once, and none left over");
}

/// The times of the node, far off in either direction, have no say.
pub async fn leases_end_by_the_databases_clock(house: House) {
    let [mut past, mut future] = [command(1), command(2)];
    (past.created_at, future.created_at) = (at(-3_000_000_000_000 / 2), at(3_000_000_000_000));
    house.add_commands(vec![past, future]).await;
    let short = Duration::from_millis(1);
    assert_eq!(numbers(&house.claim(10, "a", short).await), [1, 2]);
    assert!(house.claim(10, "b", LONG).await.is_empty(), "only what was requeued is handed out again");
    house.until_requeued(2).await;
    let again = house.claim(10, "c", LONG).await;
    assert_eq!((numbers(&again), again[0].attempts), (vec![1, 2], 2));
    assert_eq!(house.requeue_expired().await, 0, "a lease that runs is left alone");
}

/// A process that starts with the database to itself waits for nobody's lease.
pub async fn what_a_dead_process_held_is_taken_over_at_once(house: House) {
    house.add_commands((1..=3).map(command).collect()).await;
    let held = house.claim(2, "dead", LONG).await;
    house.finish(&held[0]).await.unwrap();
    let house = house.reopened().await;
    let requeue = async || house.write((), |tx, ()| Box::pin(commands::requeue_held(tx))).await.unwrap();
    assert_eq!((requeue().await, requeue().await), (1, 0));
    assert_eq!(numbers(&house.claim(10, "new", LONG).await), [2, 3]);
    assert!(
        matches!(house.finish(&held[1]).await, Err(StoreError::GuardLost(_))),
        "the dead one comes too late"
    );
}

pub async fn the_next_due_time_is_known(house: House) {
    assert_eq!(house.next_due().await, None);
    house.add_commands(vec![command(1).after(LONG)]).await;
    let wait = house.next_due().await.unwrap();
    assert!(wait <= LONG && wait > LONG - SOON, "{wait:?}");
    house.add_commands(vec![command(2).after(LONG / 2)]).await;
    assert!(house.next_due().await.unwrap() <= LONG / 2, "the earliest counts");
    house.add_commands(vec![command(3)]).await;
    assert_eq!(house.next_due().await, Some(Duration::ZERO));
    house.claim(10, "a", LONG).await;
    assert!(house.next_due().await.unwrap() > LONG / 4, "what a worker holds is not due");
}

/// One row that somebody damaged must not stop all the others.
pub async fn a_row_that_cannot_be_read_is_set_aside(house: House) {
    house.add_commands((1..=3).map(command).collect()).await;
    let damage = format!("UPDATE commands SET attempts = -7 WHERE command_id = {}", command(2).id);
    assert_eq!(house.raw(&damage).await, Ok(1));
    assert_eq!(numbers(&house.claim(10, "a", LONG).await), [1, 3]);
    let status = format!(
        "UPDATE commands SET attempts = 0 WHERE command_id = {} AND status = 'ERROR' AND last_error IS NOT NULL
         AND finished_at IS NOT NULL AND lease_token IS NULL",
        command(2).id
    );
    assert_eq!(house.raw(&status).await, Ok(1), "it is kept as given up");
    assert_eq!(house.requeue_expired().await, 0);
}

pub async fn whoever_hands_out_is_woken_by_commits_only(house: House) {
    let bell = house.store.commands_due(KIND);
    let rung = || bell.notified().now_or_never().is_some();
    let undone = house.write(command(1), |tx, new| {
        Box::pin(async move {
            commands::insert(tx, new).await?;
            Err::<(), _>(StoreError::GuardLost("test"))
        })
    });
    assert!(undone.await.is_err());
    assert!(!rung(), "nothing was committed");
    house.add_commands(vec![command(1)]).await;
    assert!(rung());
    assert!(!rung(), "once");
    house.add_commands(vec![command(2).after(LONG)]).await;
    assert!(rung(), "it may be due before whoever sleeps would wake");
    house.add_commands(vec![command(3).leased(lease("mine", LONG))]).await;
    assert!(!rung(), "its adder has it");
    let claimed = house.claim(10, "a", LONG).await;
    let retried =
        house.write(claimed[0].clone(), |tx, command| Box::pin(commands::retry(tx, command, LONG, "why")));
    retried.await.unwrap();
    assert!(rung());
}

pub async fn what_its_workers_do_not_survive_is_given_up(house: House) {
    let (deadly, other) = (command(1), command(2));
    house.add_commands(vec![deadly.clone(), other.clone()]).await;
    let lost = async |most: u32| {
        let mut expired = Expired::default();
        eventually("a lease ends", SOON, async || {
            expired =
                house.write(most, |tx, most| Box::pin(commands::requeue_expired(tx, *most))).await.unwrap();
            (expired != Expired::default()).then_some(())
        })
        .await;
        (expired.requeued, expired.given_up)
    };
    for number in 1..=3 {
        house.claim(10, "dies", SHORT).await;
        let counts = lost(3).await;
        assert_eq!(counts, if number < 3 { (2, 0) } else { (0, 2) }, "{number}");
    }
    let row = house.command(&deadly).await;
    assert_eq!((row.status, row.attempts), (CommandStatus::Error, 3));
    assert!(row.last_error.is_some_and(|why| why.contains("lost")));

    // Coming back once is enough to be counted anew.
    let patient = command(3);
    house.add_commands(vec![patient.clone()]).await;
    for _ in 0..2 {
        house.claim(10, "dies", SHORT).await;
        assert_eq!(lost(3).await, (1, 0));
    }
    let claimed = house.claim(10, "comes back", LONG).await;
    house
        .write(claimed, |tx, claimed| Box::pin(commands::retry(tx, &claimed[0], Duration::ZERO, "not yet")))
        .await
        .unwrap();
    for _ in 0..2 {
        house.claim(10, "dies", SHORT).await;
        assert_eq!(lost(3).await, (1, 0), "not given up");
    }
}
