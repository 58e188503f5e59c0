//! Commands that belong together: order within a group, and settling a group from outside.

use std::time::Duration;

use waybill_domain::CommandId;
use waybill_store::tables::commands::{self, CommandStatus, NewCommand};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;

fn held(number: i64) -> NewCommand {
    command(number).in_group("group").holding(LONG)
}

impl House {
    async fn is_held_back(&self, number: i64) -> bool {
        self.read(command(number).id, |tx, id| Box::pin(commands::is_held_back(tx, *id, KIND, "group")))
            .await
            .unwrap()
    }

    async fn release_hold(&self, id: CommandId) {
        self.write(id, |tx, id| Box::pin(commands::release_hold(tx, KIND, *id))).await.unwrap();
    }
}

pub async fn an_earlier_command_holds_the_later_ones(house: House) {
    house.add_commands((1..=3).map(held).collect()).await;
    let first = house.claim(10, "a", LONG).await;
    assert_eq!(numbers(&first), [1]);
    assert_eq!(house.next_due().await, Some(Duration::ZERO), "the held ones count as due");
    assert!(house.claim(10, "b", LONG).await.is_empty(), "held while the first is worked on");
    house.retry(&first[0], LONG, "later").await.unwrap();
    assert!(house.claim(10, "c", LONG).await.is_empty(), "held while the first waits");

    house.release_hold(first[0].id).await;
    let second = house.claim(10, "d", LONG).await;
    assert_eq!(numbers(&second), [2]);
    house.finish(&second[0]).await.unwrap();
    let third = house.claim(10, "e", LONG).await;
    assert_eq!(numbers(&third), [3], "free once the one before is done");
    house.fail(&third[0], "never").await.unwrap();
    house.add_commands(vec![held(4)]).await;
    assert_eq!(numbers(&house.claim(10, "f", LONG).await), [4], "given up holds nobody");
}

pub async fn a_hold_ends_with_its_time_or_its_release(house: House) {
    house.add_commands(vec![command(1).in_group("group").holding(Duration::from_millis(20)), held(2)]).await;
    house.claim(1, "a", LONG).await;
    let second = eventually("the hold has ended", SOON, async || house.claim(10, "b", LONG).await.pop());
    assert_eq!(numbers(&[second.await]), [2]);
    house.add_commands(vec![held(3)]).await;
    assert!(house.claim(10, "c", LONG).await.is_empty());
    house.release_hold(command(2).id).await;
    assert_eq!(numbers(&house.claim(10, "d", LONG).await), [3]);
}

pub async fn only_commands_of_the_same_kind_and_group_hold(house: House) {
    let other_kind = NewCommand { kind: "CALLBACK", ..held(1) };
    let other_group = command(2).in_group("other").holding(LONG);
    let not_holding = command(3).in_group("group");
    let no_group = command(4).holding(LONG);
    let all = vec![other_kind, other_group, not_holding, no_group, command(5), held(6)];
    house.add_commands(all).await;
    assert_eq!(numbers(&house.claim(10, "a", LONG).await), [2, 3, 4, 5, 6]);
}

pub async fn what_is_not_done_is_out_of_order(house: House) {
    house.add_commands(vec![command(1).in_group("group"), command(2).in_group("group")]).await;
    assert!(!house.is_held_back(1).await);
    assert!(house.is_held_back(2).await, "the first waits");
    let claimed = house.claim(10, "a", LONG).await;
    assert!(house.is_held_back(2).await, "the first is being worked on");
    house.fail(&claimed[0], "never").await.unwrap();
    assert!(!house.is_held_back(2).await);
}

pub async fn finishing_a_group_leaves_what_a_worker_holds(house: House) {
    house.add_commands(vec![command(1).in_group("group")]).await;
    let worked_on = house.claim(1, "a", LONG).await.remove(0);
    let other = command(3).in_group("other");
    let other_kind = NewCommand { kind: "CALLBACK", ..command(4).in_group("group") };
    let waiting = command(2).in_group("group").after(LONG);
    house.add_commands(vec![waiting.clone(), other.clone(), other_kind.clone()]).await;
    let finish_group =
        async || house.write((), |tx, ()| Box::pin(commands::finish_group(tx, KIND, "group"))).await.unwrap();
    assert_eq!(finish_group().await, 1);
    assert_eq!(finish_group().await, 0);
    let row = house.command(&waiting).await;
    assert_eq!(row.status, CommandStatus::Done);
    assert!(row.finished_at.is_some());
    assert_eq!(house.command(&other).await.status, CommandStatus::Created);
    assert_eq!(house.command(&other_kind).await.status, CommandStatus::Created);
    house.finish(&worked_on).await.unwrap();
}

pub async fn waking_a_group_makes_it_due(house: House) {
    let asleep = |number, group: &str| command(number).in_group(group).after(LONG);
    house.add_commands(vec![asleep(1, "group"), asleep(2, "other"), asleep(3, "group")]).await;
    assert!(house.claim(10, "a", LONG).await.is_empty());
    let wake_group =
        async || house.write((), |tx, ()| Box::pin(commands::wake_group(tx, KIND, "group"))).await.unwrap();
    assert_eq!(wake_group().await, 2);
    assert_eq!(numbers(&house.claim(10, "b", LONG).await), [1, 3]);
    assert_eq!(wake_group().await, 0, "what a worker holds is left to it");
}
