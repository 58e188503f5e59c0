//! Which commands the broker is given.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use waybill_domain::CommandId;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandStatus, Unpublished};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;

impl House {
    async fn publish(&self, except: &[&'static str], limit: u32) -> Vec<CommandId> {
        self.unpublished(except, limit).await.into_iter().map(|command| command.id).collect()
    }

    async fn unpublished(&self, except: &[&'static str], limit: u32) -> Vec<Unpublished> {
        let work = self.write((except.to_vec(), limit), |tx, (except, limit)| {
            Box::pin(commands::publish(tx, except, *limit))
        });
        work.await.unwrap()
    }

    async fn unpublish(&self, ids: Vec<CommandId>) -> u64 {
        self.write(ids, |tx, ids| Box::pin(commands::unpublish(tx, ids))).await.unwrap()
    }

    async fn next_unpublished(&self) -> Option<Duration> {
        self.read((), |tx, ()| Box::pin(commands::next_unpublished(tx))).await.unwrap()
    }

    async fn claim_named(&self, ids: Vec<CommandId>, token: &str) -> Vec<ClaimedCommand> {
        let work = (ids, lease(token, LONG));
        let claim =
            self.write(work, |tx, (ids, lease)| Box::pin(commands::claim_named(tx, KIND, ids, lease)));
        claim.await.unwrap()
    }
}

pub async fn what_is_due_is_published_once(house: House) {
    assert_eq!(house.next_unpublished().await, None);
    let traced =
        command(1).traced(Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()));
    let other = commands::NewCommand { kind: "CALLBACK", ..command(2) };
    house.add_commands(vec![traced.clone(), other.clone()]).await;
    assert_eq!(house.next_unpublished().await, Some(Duration::ZERO));
    let published = house.unpublished(&["CALLBACK"], 10).await;
    let [published] = &published[..] else { panic!("{published:?}") };
    assert_eq!(
        (published.id, &*published.kind, &published.traceparent),
        (traced.id, KIND, &traced.traceparent)
    );
    assert_eq!(house.publish(&[], 10).await, [other.id], "of every kind, but each once");
    assert!(house.publish(&[], 10).await.is_empty());
    assert_eq!(house.next_unpublished().await, None);
}

pub async fn concurrent_publishers_never_get_the_same_command(house: House) {
    house.add_commands((0..120).map(command).collect()).await;
    let mut seen = HashSet::new();
    while seen.len() < 120 {
        let found = join_all((0..4).map(|_| house.publish(&[], 10))).await;
        for id in found.into_iter().flatten() {
            assert!(seen.insert(id), "{id} was given twice");
        }
    }
    assert!(house.publish(&[], 10).await.is_empty());
}

pub async fn what_waits_for_another_or_for_a_time_is_not_published(house: House) {
    let later = command(1).after(LONG);
    let (first, second) = (command(2).in_group("g").holding(LONG), command(3).in_group("g"));
    house.add_commands(vec![later.clone(), first.clone(), second.clone()]).await;
    assert_eq!(house.publish(&[], 10).await, [first.id]);
    let claimed = house.claim_named(vec![first.id, second.id, later.id], "a").await;
    assert_eq!(numbers(&claimed), [2]);
    assert!(house.publish(&[], 10).await.is_empty(), "it waits for the first one");
    house.finish(&claimed[0]).await.unwrap();
    assert_eq!(house.publish(&[], 10).await, [second.id]);
    let next = house.next_unpublished().await.unwrap();
    assert!(next > Duration::from_secs(3500) && next <= LONG, "{next:?}");
}

pub async fn what_was_not_taken_is_published_again(house: House) {
    let (refused, retried, done) = (command(1), command(2), command(3));
    house.add_commands(vec![refused.clone(), retried.clone(), done.clone()]).await;
    assert_eq!(house.publish(&[], 10).await.len(), 3);
    let claimed = house.claim_named(vec![retried.id, done.id], "a").await;
    house.finish(&claimed[1]).await.unwrap();
    house
        .write(claimed, |tx, claimed| Box::pin(commands::retry(tx, &claimed[0], Duration::ZERO, "not yet")))
        .await
        .unwrap();
    assert_eq!(house.publish(&[], 10).await, [retried.id], "given back");
    assert_eq!(house.unpublish(vec![refused.id, done.id]).await, 1, "what is done stays done");
    assert_eq!(house.publish(&[], 10).await, [refused.id]);
    assert_eq!(house.command(&done).await.status, CommandStatus::Done);
}

pub async fn what_was_lost_on_the_way_is_published_again(house: House) {
    let (lost, later) = (command(1), command(2).after(LONG));
    house.add_commands(vec![lost.clone(), later]).await;
    let long_published = async |before: Duration| {
        house.read(before, |tx, before| Box::pin(commands::long_published(tx, *before))).await.unwrap()
    };
    let reclaim = async |before: Duration| {
        let work = house.write(before, |tx, before| Box::pin(commands::reclaim_lost(tx, KIND, *before)));
        work.await.unwrap()
    };
    assert!(long_published(Duration::ZERO).await.is_empty(), "it was never published");
    assert_eq!(house.publish(&[], 10).await, [lost.id]);
    assert!(long_published(LONG).await.is_empty() && reclaim(LONG).await == 0, "not that long ago");
    eventually("some time has passed", SOON, async || {
        (long_published(Duration::from_millis(5)).await == [KIND]).then_some(())
    })
    .await;
    assert_eq!(reclaim(Duration::from_millis(5)).await, 1);
    assert_eq!(house.publish(&[], 10).await, [lost.id]);
}

pub async fn named_commands_are_claimed_when_they_are_due(house: House) {
    let (due, later, other) = (command(1), command(2).after(LONG), command(3));
    let foreign = commands::NewCommand { kind: "CALLBACK", ..command(4) };
    house.add_commands(vec![due.clone(), later.clone(), other.clone(), foreign.clone()]).await;
    house.publish(&[], 10).await;
    let unknown = CommandId::new(4711);
    let named = vec![due.id, later.id, foreign.id, unknown];
    let claimed = house.claim_named(named.clone(), "a").await;
    assert_eq!(numbers(&claimed), [1]);
    assert_eq!((claimed[0].attempts, &*claimed[0].lease_token), (1, "a"));
    assert!(house.claim_named(named, "b").await.is_empty(), "it is handed out once");
    assert!(house.claim_named(vec![], "c").await.is_empty());
    assert_eq!(house.command(&other).await.status, CommandStatus::Created, "nobody named it");
    assert_eq!(house.publish(&[], 10).await, [foreign.id], "its message was not for this worker");
}

/// Its message may be lost while others of its kind keep the queue full.
pub async fn what_is_published_for_very_long_is_repeated_some_at_a_time(house: House) {
    house.add_commands((1..=3).map(command).collect()).await;
    let repeat = async |before: Duration, limit| {
        let work = house.write((), move |tx, ()| Box::pin(commands::repeat_oldest(tx, KIND, before, limit)));
        work.await.unwrap()
    };
    assert_eq!(repeat(Duration::ZERO, 10).await, 0, "never published");
    assert_eq!(house.publish(&[], 10).await.len(), 3);
    assert_eq!(repeat(LONG, 10).await, 0, "not that long ago");
    eventually("some time has passed", SOON, async || {
        (repeat(Duration::from_millis(5), 2).await == 2).then_some(())
    })
    .await;
    assert_eq!(house.publish(&[], 10).await.len(), 2);
}

pub async fn what_waits_in_the_database_does_not_die_with_a_second_message(house: House) {
    let give_up = async || {
        let work = house.write(command(1).id, |tx, id| Box::pin(commands::give_up(tx, *id, "expired")));
        work.await.unwrap()
    };
    house.add_commands(vec![command(1)]).await;
    assert!(!give_up().await, "it will be published");
    assert_eq!(house.command(&command(1)).await.status, CommandStatus::Created);
    assert_eq!(house.publish(&[], 10).await.len(), 1);
    assert!(give_up().await);
    let row = house.command(&command(1)).await;
    assert_eq!((row.status, row.last_error.as_deref()), (CommandStatus::Error, Some("expired")));
}
