//! Transactions: all or nothing, each for itself even when they share a commit, and what errors say.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use futures_util::future::{join, join_all, poll_fn};
use waybill_domain::ApiKeyId;
use waybill_store::StoreError;
use waybill_store::tables::api_keys::{self, ApiKeyRow};
use waybill_store::tables::commands::CommandStatus;
use waybill_store::tables::{commands, facts, verifications};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;

impl House {
    /// Adds a verification and its command, then fails if told so.
    async fn accept(&self, number: u32, fails: bool) -> Result<(), StoreError> {
        self.write((number, fails), |tx, (number, fails)| {
            Box::pin(async move {
                verifications::insert(tx, &verification(*number)).await?;
                commands::insert(tx, &command((*number).into())).await?;
                if *fails { Err(StoreError::GuardLost("told to fail")) } else { Ok(()) }
            })
        })
        .await
    }

    /// Not while it is being accepted: the two reads could be on either side of the commit.
    async fn is_accepted(&self, number: u32) -> bool {
        let has_command = self.has_command(number).await;
        assert_eq!(has_command, self.find(uuid(number)).await.is_some(), "both or neither");
        has_command
    }

    async fn has_command(&self, number: u32) -> bool {
        let found = self.read(command(number.into()).id, |tx, id| Box::pin(commands::find(tx, *id)));
        found.await.unwrap().is_some()
    }
}

/// All are asked for at once, so they share commits; some fail after they have written.
pub async fn a_failure_in_a_group_takes_nobody_with_it_and_leaves_nothing(house: House) {
    let fails = |number: u32| number % 10 == 3;
    let outcomes = join_all((0..150).map(|number| house.accept(number, fails(number)))).await;
    for (number, outcome) in (0..).zip(outcomes) {
        assert_eq!(outcome.is_ok(), !fails(number), "{number}: {outcome:?}");
        assert_eq!(house.is_accepted(number).await, !fails(number), "{number}");
    }
    house.accept(3, false).await.unwrap();
    assert!(house.is_accepted(3).await, "the same work can be done later");
}

pub async fn a_panic_is_the_failure_of_its_own_work_only(house: House) {
    let panicking = house.write((), |tx, ()| {
        Box::pin(async move {
            verifications::insert(tx, &verification(99)).await?;
            panic!("a mistake in a closure");
        })
    });
    let others = join_all((0..10).map(|number| house.accept(number, false)));
    let (panicked, others) = join(panicking, others).await;
    assert!(matches!(panicked, Err::<(), _>(StoreError::Unavailable(_))), "{panicked:?}");
    assert!(others.iter().all(Result::is_ok), "{others:?}");
    assert!(house.find(uuid(99)).await.is_none());
    house.accept(99, false).await.unwrap();
}

/// A caller that goes away, such as an HTTP client, does not undo what it asked for.
pub async fn what_was_asked_for_is_done_though_nobody_waits(house: House) {
    {
        let mut asked = pin!(house.accept(1, false));
        let polled = poll_fn(|context| Poll::Ready(asked.as_mut().poll(context))).await;
        assert!(polled.is_pending());
    }
    eventually("it is done", SOON, async || house.has_command(1).await.then_some(())).await;
    assert!(house.is_accepted(1).await);
}

pub async fn a_closed_store_is_unavailable(house: House) {
    house.accept(1, false).await.unwrap();
    house.store.close().await;
    let written = house.accept(2, false).await.unwrap_err();
    let read = house.read((), |tx, ()| Box::pin(verifications::find(tx, uuid(1)))).await.unwrap_err();
    for error in [written, read] {
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(error.is_transient());
    }
    house.store.close().await; // again: nothing happens
    let reopened = house.reopened().await;
    assert!(reopened.is_accepted(1).await);
    assert!(!reopened.is_accepted(2).await);
}

pub async fn closing_commits_what_was_asked_for(house: House) {
    let (outcomes, ()) =
        join(join_all((0..30).map(|number| house.accept(number, false))), house.store.close()).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let reopened = house.reopened().await;
    for number in 0..30 {
        assert!(reopened.is_accepted(number).await, "{number}");
    }
}

pub async fn a_reader_sees_what_was_committed_and_cannot_write(house: House) {
    for number in 0..20 {
        house.accept(number, false).await.unwrap();
        assert!(house.is_accepted(number).await);
    }
    let written = house.read((), |tx, ()| Box::pin(facts::put(tx, "name", "value", at(0)))).await;
    assert!(matches!(written, Err(StoreError::Refused { statement: "facts::put", .. })), "{written:?}");
}

pub async fn a_second_start_finds_everything(house: House) {
    house.accept(1, false).await.unwrap();
    house.verify(uuid(1)).await;
    house.report(uuid(1), "0xHASH").await;
    let claimed = house.claim(1, "a", LONG).await.remove(0);
    let put = house.write((), |tx, ()| Box::pin(facts::put(tx, "name", "value", at(0))));
    put.await.unwrap();

    let house = house.reopened().await.reopened().await;
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!((row.tx_hash.as_deref(), row.asset), (Some("0xHASH"), verification(1).asset));
    let fact = house.read((), |tx, ()| Box::pin(facts::get(tx, "name")));
    assert_eq!(fact.await.unwrap().as_deref(), Some("value"));
    assert_eq!(house.command(&command(1)).await.status, CommandStatus::Processing);
    house.finish(&claimed).await.unwrap();
    assert_eq!(house.command(&command(1)).await.status, CommandStatus::Done, "a lease outlives a restart");
}

/// Errors reach logs and answers; what people are called must not.
pub async fn no_error_repeats_a_stored_or_given_value(house: House) {
    const NAME: &str = "Taylor Robbins";
    let key = || ApiKeyRow {
        id: ApiKeyId(NAME.to_owned()),
        name: NAME.to_owned(),
        secret_hash: NAME.to_owned(),
        scopes: NAME.to_owned(),
        created_at: at(0),
        revoked_at: None,
    };
    let insert = async || house.write(key(), |tx, key| Box::pin(api_keys::insert(tx, key))).await;
    insert().await.unwrap();
    let taken = insert().await.unwrap_err();
    assert!(matches!(taken, StoreError::Refused { statement: "api_keys::insert", .. }), "{taken:?}");

    let unwritable = house.read(key(), |tx, key| Box::pin(api_keys::insert(tx, key))).await.unwrap_err();

    house.add(vec![verification(1)]).await;
    let damage = format!("UPDATE verifications SET amount = '{NAME}', ivms101_originator = '{NAME}'");
    assert_eq!(house.raw(&damage).await, Ok(1));
    let unreadable = house.read((), |tx, ()| Box::pin(verifications::find(tx, uuid(1)))).await.unwrap_err();
    assert!(matches!(unreadable, StoreError::Unreadable("amount")), "{unreadable:?}");

    for error in [taken, unwritable, unreadable] {
        let (said, shown) = (error.to_string(), format!("{error:?}"));
        assert!(std::error::Error::source(&error).is_none(), "no driver's error is kept");
        for part in NAME.split(' ') {
            assert!(!said.contains(part) && !shown.contains(part), "{said}, {shown}");
        }
    }
}
