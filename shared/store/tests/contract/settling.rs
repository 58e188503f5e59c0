//! What becomes of a claimed command, and what a worker can no longer do once its lease is somebody else's.

use std::time::Duration;

use waybill_domain::{Event, Verdict, VerificationState};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandFilter, CommandStatus};
use waybill_store::tables::facts;
use waybill_store::tables::verifications::{self, Change};

use crate::house::House;
use crate::samples::*;

impl House {
    pub async fn retry(
        &self,
        command: &ClaimedCommand,
        delay: Duration,
        why: &'static str,
    ) -> Result<(), StoreError> {
        self.write((command.clone(), delay), move |tx, (command, delay)| {
            Box::pin(commands::retry(tx, command, *delay, why))
        })
        .await
    }

    pub async fn fail(&self, command: &ClaimedCommand, why: &'static str) -> Result<(), StoreError> {
        self.write(command.clone(), move |tx, command| Box::pin(commands::fail(tx, command, why))).await
    }

    async fn one_claimed(&self, token: &str, length: Duration) -> ClaimedCommand {
        let mut claimed = self.claim(10, token, length).await;
        assert_eq!(claimed.len(), 1);
        claimed.remove(0)
    }

    async fn settled_by_nobody(&self, command: &ClaimedCommand) {
        for refused in [
            self.finish(command).await,
            self.retry(command, Duration::ZERO, "again").await,
            self.fail(command, "never").await,
        ] {
            assert!(matches!(refused, Err(StoreError::GuardLost(_))), "{refused:?}");
        }
    }
}

pub async fn a_finished_command_stays_finished(house: House) {
    house.add_commands(vec![command(1)]).await;
    let claimed = house.one_claimed("a", Duration::from_millis(1)).await;
    house.finish(&claimed).await.unwrap();
    let row = house.command(&command(1)).await;
    assert_eq!((row.status, row.last_error), (CommandStatus::Done, None));
    assert!(row.finished_at.is_some());
    house.settled_by_nobody(&claimed).await;
    assert_eq!(house.requeue_expired().await, 0);
    assert!(house.claim(10, "b", LONG).await.is_empty());
}

pub async fn a_retried_command_is_handed_out_again(house: House) {
    house.add_commands(vec![command(1)]).await;
    let first = house.one_claimed("a", LONG).await;
    house.retry(&first, Duration::ZERO, "the peer is away").await.unwrap();
    let row = house.command(&command(1)).await;
    assert_eq!((row.status, row.attempts), (CommandStatus::Created, 1));
    assert_eq!(row.last_error.as_deref(), Some("the peer is away"));
    house.settled_by_nobody(&first).await;
    let second = house.one_claimed("b", LONG).await;
    assert_eq!(second.attempts, 2);
    house.retry(&second, LONG, "still away").await.unwrap();
    assert!(house.claim(10, "c", LONG).await.is_empty(), "not before its time");
    assert!(house.next_due().await.unwrap() > LONG / 2);
}

pub async fn a_failed_command_is_kept_and_never_handed_out(house: House) {
    house.add_commands(vec![command(1)]).await;
    let claimed = house.one_claimed("a", Duration::from_millis(1)).await;
    house.fail(&claimed, "the peer refuses").await.unwrap();
    let row = house.command(&command(1)).await;
    assert_eq!((row.status, row.last_error.as_deref()), (CommandStatus::Error, Some("the peer refuses")));
    assert!(row.finished_at.is_some());
    house.settled_by_nobody(&claimed).await;
    assert_eq!(house.requeue_expired().await, 0);
    assert!(house.claim(10, "b", LONG).await.is_empty());
    assert_eq!(house.next_due().await, None);
}

/// A worker that was away too long must not leave half of its effect behind.
pub async fn a_command_that_its_worker_panics_over_is_given_up_at_last(house: House) {
    let give_back = async |command: &ClaimedCommand| {
        house
            .write(command.clone(), |tx, command| {
                Box::pin(commands::retry_lost(tx, command, Duration::ZERO, "it panicked", 3))
            })
            .await
    };
    house.add_commands(vec![command(1)]).await;
    for (turn, last) in [("a", false), ("b", false), ("c", true)] {
        let claimed = house.one_claimed(turn, LONG).await;
        assert_eq!(give_back(&claimed).await.unwrap(), last, "{turn}");
        let lost: Result<bool, StoreError> = give_back(&claimed).await;
        assert!(matches!(lost, Err(StoreError::GuardLost(_))), "{lost:?}");
    }
    let row = house.command(&command(1)).await;
    assert_eq!((row.status, row.last_error.as_deref()), (CommandStatus::Error, Some("it panicked")));

    // A turn that ends in another way starts the count anew.
    house.add_commands(vec![command(2)]).await;
    for turn in 0..4 {
        let claimed = house.one_claimed("d", LONG).await;
        assert!(!give_back(&claimed).await.unwrap(), "{turn}");
        let claimed = house.one_claimed("e", LONG).await;
        house.retry(&claimed, Duration::ZERO, "not yet").await.unwrap();
    }
}

pub async fn a_lost_lease_rolls_the_whole_transaction_back(house: House) {
    house.add(vec![verification(1)]).await;
    house.add_commands(vec![command(1)]).await;
    let slow = house.one_claimed("slow", Duration::from_millis(1)).await;
    house.until_requeued(1).await;
    let quick = house.one_claimed("quick", LONG).await;

    let effect = |command: ClaimedCommand| {
        house.write(command, |tx, command| {
            Box::pin(async move {
                let event = Event::Answered(Verdict::Denied);
                let change = Change { reason: Some("NOT-FOUND".to_owned()), ..Change::default() };
                assert!(verifications::advance(tx, uuid(1), VerificationState::WAIT, event, &change).await?);
                facts::put(tx, "effect of", &command.lease_token, at(0)).await?;
                commands::insert(
                    tx,
                    &commands::NewCommand { kind: "CALLBACK", ..super::samples::command(2) },
                )
                .await?;
                commands::finish(tx, command).await
            })
        })
    };
    let lost = effect(slow.clone()).await;
    assert!(matches!(lost, Err(StoreError::GuardLost(_))), "{lost:?}");
    assert_eq!(house.find(uuid(1)).await.unwrap().state(), VerificationState::WAIT);
    let fact = house.read((), |tx, ()| Box::pin(facts::get(tx, "effect of")));
    assert_eq!(fact.await.unwrap(), None);
    house.settled_by_nobody(&slow).await;

    effect(quick).await.unwrap();
    assert_eq!(house.find(uuid(1)).await.unwrap().reason.as_deref(), Some("NOT-FOUND"));
    assert_eq!(house.command(&command(1)).await.status, CommandStatus::Done);
    assert_eq!(house.command(&command(2)).await.status, CommandStatus::Created);
}

/// The guard is the token, not the time: work that is late but unique counts.
pub async fn an_expired_lease_that_nobody_took_still_finishes(house: House) {
    house.add_commands(vec![command(1)]).await;
    let claimed = house.one_claimed("a", Duration::ZERO).await;
    house.finish(&claimed).await.unwrap();
    assert_eq!(house.command(&command(1)).await.status, CommandStatus::Done);
}

pub async fn what_was_done_long_ago_is_forgotten(house: House) {
    house.add_commands((1..=5).map(command).collect()).await;
    let claimed = house.claim(4, "a", LONG).await;
    house.fail(&claimed[0], "why").await.unwrap();
    house.finish(&claimed[1]).await.unwrap();
    house.finish(&claimed[2]).await.unwrap();
    let purge = async |before, limit| {
        house
            .write((), move |tx, ()| Box::pin(commands::purge_done(tx, before, limit)))
            .await
            .unwrap()
            .commands
    };
    assert_eq!(
        purge(house.command(&command(2)).await.finished_at.unwrap(), 100).await,
        0,
        "not as young as this"
    );
    let future = at(3_000_000_000_000);
    assert_eq!((purge(future, 1).await, purge(future, 100).await, purge(future, 100).await), (1, 1, 0));
    for (number, status) in
        [(1, CommandStatus::Error), (4, CommandStatus::Processing), (5, CommandStatus::Created)]
    {
        assert_eq!(house.command(&command(number)).await.status, status);
    }
}

pub async fn operators_find_commands_by_every_filter(house: House) {
    let callback = commands::NewCommand { kind: "CALLBACK", ..command(3) };
    house
        .add_commands(vec![command(1).in_group("a"), command(2).in_group("b"), callback.in_group("a")])
        .await;
    let first = house.claim(1, "x", LONG).await.remove(0);
    house.fail(&first, "why").await.unwrap();
    for (kind, status, group_key, expected) in [
        (None, None, None, vec![3, 2, 1]),
        (Some(KIND), None, None, vec![2, 1]),
        (None, Some(CommandStatus::Error), None, vec![1]),
        (None, Some(CommandStatus::Created), Some("a"), vec![3]),
        (Some(KIND), Some(CommandStatus::Created), None, vec![2]),
        (Some("CALLBACK"), Some(CommandStatus::Done), None, vec![]),
    ] {
        let kind = kind.map(str::to_owned);
        let filter = CommandFilter { kind, status, group_key: group_key.map(str::to_owned) };
        let rows = house.read(filter, |tx, filter| Box::pin(commands::list(tx, filter, 10)));
        let rows: Vec<_> = rows.await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(rows, expected.iter().map(|number| command(*number).id).collect::<Vec<_>>());
    }
    let newest = house.read((), |tx, ()| Box::pin(commands::list(tx, &ANY, 1)));
    assert_eq!(newest.await.unwrap()[0].id, command(3).id, "newest first, as many as asked for");
}

static ANY: CommandFilter = CommandFilter { kind: None, status: None, group_key: None };
