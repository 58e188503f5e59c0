//! Verifications whose command was given up are found once their deadline has passed.

use waybill_domain::{CommandId, Event, VerificationState};
use waybill_store::tables::commands::{self, NewCommand, Stranded, StrandedPage};
use waybill_store::tables::verifications::{self, Change};

use crate::house::House;
use crate::samples::*;

/// The deadline of each verification here.
const DEADLINE: i64 = 600_000;

impl House {
    /// A command about a verification, given up.
    async fn given_up(&self, number: i64, kind: &'static str, about: u32) {
        let new = NewCommand { kind, body: "{no use}".to_owned(), ..command(number).in_group(uuid(about)) };
        self.add_commands(vec![new.clone()]).await;
        let give_up = self.write(new.id, move |tx, id| {
            Box::pin(async move {
                let claimed = commands::claim_named(tx, kind, &[*id], &lease("dead", LONG)).await?;
                commands::fail(tx, &claimed[0], "given up").await
            })
        });
        give_up.await.unwrap();
    }

    async fn stranded(&self, millis: i64, before: Option<CommandId>, limit: u32) -> StrandedPage {
        let look = self.read(before, move |tx, before| {
            Box::pin(commands::stranded(tx, KIND, at(millis), *before, limit))
        });
        look.await.unwrap()
    }

    async fn stranded_ids(&self, millis: i64) -> Vec<CommandId> {
        let page = self.stranded(millis, None, 100).await;
        assert_eq!(page.next, None);
        page.found.iter().map(|stranded| stranded.command).collect()
    }
}

pub async fn a_verification_past_its_deadline_whose_command_was_given_up_is_found(house: House) {
    house.add((1..=5).map(verification).collect()).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let first = command(1).in_group(uuid(1)).traced(Some(trace.to_owned()));
    house.add_commands(vec![first.clone()]).await;
    let claimed = house.claim(1, "a", LONG).await.remove(0);
    let fail = house.write(claimed, |tx, claimed| Box::pin(commands::fail(tx, claimed, "given up")));
    fail.await.unwrap();
    house.given_up(2, KIND, 2).await;
    house.given_up(3, "CALLBACK", 3).await;
    house.given_up(4, KIND, 4).await;
    house.given_up(6, KIND, 4711).await; // about nothing that is known
    house.add_commands(vec![command(5).in_group(uuid(5))]).await; // alive
    let end = house.write(uuid(4), |tx, uuid| {
        let (from, event) = (VerificationState::WAIT, Event::DeadlinePassed);
        Box::pin(async move { verifications::advance(tx, *uuid, from, event, &Change::default()).await })
    });
    assert!(end.await.unwrap());

    assert_eq!(house.stranded_ids(DEADLINE - 1).await, []);
    assert_eq!(house.stranded_ids(DEADLINE).await, [command(2).id, first.id]);
    let page = house.stranded(DEADLINE, None, 100).await;
    let expected = Stranded {
        command: first.id,
        verification: uuid(1).to_string(),
        traceparent: Some(trace.to_owned()),
    };
    assert_eq!(page.found[1], expected);

    let redrive = house.write(first.id, |tx, id| Box::pin(commands::redrive(tx, *id, at(5000))));
    assert!(redrive.await.unwrap());
    assert_eq!(house.stranded_ids(DEADLINE).await, [command(2).id], "what is handed out again is not");
}

pub async fn all_that_was_given_up_is_looked_at_page_by_page(house: House) {
    house.add(vec![verification(1)]).await;
    house.given_up(1, KIND, 1).await;
    for number in 2..=5 {
        house.given_up(number, "CALLBACK", 9).await;
    }
    let (mut place, mut pages) = (None, Vec::new());
    loop {
        let page = house.stranded(DEADLINE, place, 2).await;
        pages.push(page.found.len());
        place = page.next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(pages, [0, 0, 1]);
}
