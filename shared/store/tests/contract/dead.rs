//! Commands that were given up: found, handed out again exactly once, put away, and never a living one.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_store::tables::commands::{self, CommandRow, CommandStatus, DeadFilter, NewCommand};

use crate::house::House;
use crate::samples::*;

impl House {
    /// Adds a command and gives it up.
    async fn dead(&self, new: NewCommand, why: &'static str) {
        self.add_commands(vec![new.clone()]).await;
        let id = new.id;
        let given_up = self.write(id, move |tx, id| {
            Box::pin(async move {
                let lease = lease("dead", LONG);
                let claimed = commands::claim_named(tx, KIND, &[*id], &lease).await?;
                commands::fail(tx, &claimed[0], why).await
            })
        });
        given_up.await.unwrap();
    }

    async fn listed(&self, filter: DeadFilter, limit: u32) -> Vec<CommandRow> {
        self.read(filter, move |tx, filter| Box::pin(commands::list_dead(tx, filter, limit))).await.unwrap()
    }

    async fn found(&self, filter: DeadFilter) -> Vec<i64> {
        let rows = self.listed(filter, 100).await;
        rows.iter().map(|row| row.id.get() - (i64::MAX - 1_000_000)).collect()
    }

    async fn redrive(&self, new: &NewCommand) -> bool {
        self.write(new.id, |tx, id| Box::pin(commands::redrive(tx, *id, at(5000)))).await.unwrap()
    }

    async fn drop_dead(&self, new: &NewCommand) -> bool {
        self.write(new.id, |tx, id| Box::pin(commands::drop_dead(tx, *id, at(6000)))).await.unwrap()
    }
}

pub async fn what_was_given_up_is_found_by_every_filter_and_page_by_page(house: House) {
    for number in 1..=4 {
        house.dead(command(number), if number == 2 { "100% REFUSED" } else { "given up: away" }).await;
    }
    house.add_commands(vec![command(5)]).await;
    assert!(house.drop_dead(&command(3)).await);
    let any = DeadFilter::default;
    let reason = |text: &str| DeadFilter { reason: Some(text.to_owned()), ..any() };
    let kind = |kind: &str| DeadFilter { kind: Some(kind.to_owned()), ..any() };
    let hour = Duration::from_secs(3600);
    assert_eq!(house.found(any()).await, [4, 2, 1], "newest first; neither the living nor what was put away");
    assert_eq!(house.found(DeadFilter { dropped: true, ..any() }).await, [3]);
    assert_eq!(house.found(kind(KIND)).await, [4, 2, 1]);
    assert_eq!(house.found(kind("CALLBACK")).await, [0; 0]);
    assert_eq!(house.found(reason("Given Up")).await, [4, 1], "in whatever case");
    assert_eq!(house.found(reason("0% r")).await, [2]);
    assert_eq!(house.found(reason("_")).await, [0; 0], "a mark means itself");
    assert_eq!(house.found(DeadFilter { older_than: Some(hour), ..any() }).await, [0; 0]);
    assert_eq!(house.found(DeadFilter { younger_than: Some(hour), ..any() }).await, [4, 2, 1]);
    let first = house.listed(any(), 2).await;
    assert_eq!(first.len(), 2);
    let rest = DeadFilter { before: Some(first[1].id), ..any() };
    assert_eq!(house.found(rest).await, [1]);
}

pub async fn what_is_handed_out_again_is_as_new_and_keeps_its_trace(house: House) {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let new = command(1).in_group("group").traced(Some(trace.to_owned()));
    house.dead(new.clone(), "given up: away").await;
    let before = house.command(&new).await;
    assert!(house.redrive(&new).await);
    let row = house.command(&new).await;
    assert_eq!((row.status, row.attempts, row.finished_at), (CommandStatus::Created, 0, None));
    assert_eq!((row.created_at, row.redriven_at), (before.created_at, Some(at(5000))));
    assert_eq!(row.last_error.as_deref(), Some("given up: away"), "until it is done");
    let [claimed] = &house.claim(10, "next", LONG).await[..] else { panic!() };
    assert_eq!((claimed.attempts, claimed.created_at), (1, at(5000)), "its age counts anew");
    assert_eq!(claimed.traceparent.as_deref(), Some(trace));
    house.finish(claimed).await.unwrap();
}

pub async fn of_many_operators_one_hands_it_out_again(house: House) {
    house.dead(command(1), "given up").await;
    let second = house.second_store().await;
    let redrive = |number: usize| {
        let store = if number.is_multiple_of(2) { &house.store } else { &second };
        store.write("test", command(1).id, |tx, id| Box::pin(commands::redrive(tx, *id, at(5000))))
    };
    let won: Vec<Result<bool, waybill_store::StoreError>> = join_all((0..8).map(redrive)).await;
    assert_eq!(won.into_iter().filter(|won| *won.as_ref().unwrap()).count(), 1);
    assert_eq!(house.claim(10, "a", LONG).await.len(), 1);
    assert_eq!(house.claim(10, "b", LONG).await.len(), 0);
    second.close().await;
}

pub async fn only_what_was_given_up_can_be_handed_out_again_or_put_away(house: House) {
    let [waiting, held, done, dead] = [1, 2, 3, 4].map(command);
    house.dead(dead.clone(), "given up").await;
    house.add_commands(vec![done.clone()]).await;
    let claimed = house.claim(1, "a", LONG).await.remove(0);
    house.finish(&claimed).await.unwrap();
    house.add_commands(vec![held.clone()]).await;
    assert_eq!(house.claim(1, "b", LONG).await.len(), 1);
    house.add_commands(vec![waiting.clone()]).await;
    for living in [&waiting, &held, &done] {
        let before = house.command(living).await.status;
        assert!(!house.redrive(living).await && !house.drop_dead(living).await);
        assert_eq!(house.command(living).await.status, before);
    }
    assert!(house.drop_dead(&dead).await);
    assert!(!house.drop_dead(&dead).await && !house.redrive(&dead).await, "put away for good");
    let row = house.command(&dead).await;
    assert_eq!((row.status, row.dropped_at), (CommandStatus::Error, Some(at(6000))));
    assert_eq!(row.last_error.as_deref(), Some("given up"), "what happened is not forgotten");
}

pub async fn the_same_work_under_another_id_is_known(house: House) {
    let dead = command(1).in_group("group");
    house.dead(dead.clone(), "given up").await;
    let twin = async || {
        let row = house.command(&dead).await;
        let twin = house.read(row, |tx, row| Box::pin(commands::twin(tx, row))).await.unwrap();
        twin.map(|(id, _)| id)
    };
    let other_body = NewCommand { body: "{}".to_owned(), ..command(2).in_group("group") };
    house.add_commands(vec![other_body, command(3).in_group("another")]).await;
    house.dead(command(4).in_group("group"), "given up too").await;
    assert_eq!(twin().await, None);
    house.add_commands(vec![command(5).in_group("group")]).await;
    assert_eq!(twin().await, Some(command(5).id));
}
