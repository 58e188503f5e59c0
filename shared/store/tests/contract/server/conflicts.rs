//! Transactions that get in each other's way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join;
use tokio::sync::Barrier;
use waybill_domain::{ApiKeyId, Event, Verdict, VerificationState};
use waybill_store::StoreError;
use waybill_store::tables::api_keys::{self, ApiKeyRow};
use waybill_store::tables::verifications::{self, Change, Outdated};
use waybill_store::tables::{commands, facts};
use waybill_testkit::servers::{Server, ServerKind};

use super::over_both;
use crate::house::House;
use crate::samples::*;

over_both! {
    of_two_that_wait_for_each_other_both_succeed,
    work_that_lost_a_race_reads_again,
    work_that_cannot_succeed_is_given_up,
    a_failure_that_the_work_ignored_loses_nothing_in_silence,
    what_gets_work_to_do_while_it_is_deleted_stays,
}

async fn house(server: fn() -> &'static Server) -> House {
    let house = match tokio::task::spawn_blocking(move || server().kind()).await.unwrap() {
        ServerKind::MariaDb => super::mariadb().await,
        ServerKind::Postgres => super::postgres().await,
    };
    for name in ["a", "b"] {
        let put = house.write(name, |tx, name| Box::pin(facts::put(tx, name, "0", at(0))));
        put.await.unwrap();
    }
    house
}

impl House {
    async fn fact(&self, name: &'static str) -> Option<String> {
        self.read((), move |tx, ()| Box::pin(facts::get(tx, name))).await.unwrap()
    }
}

/// Each holds one row before it asks for the other's: a deadlock, which the server ends by undoing one of them.
async fn of_two_that_wait_for_each_other_both_succeed(server: fn() -> &'static Server) {
    let house = house(server).await;
    let (both_hold_one, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let swap = |first: &'static str, second: &'static str| {
        let arguments = (Arc::clone(&both_hold_one), Arc::clone(&runs), AtomicU32::new(0));
        house.write(arguments, move |tx, (both_hold_one, runs, own)| {
            Box::pin(async move {
                runs.fetch_add(1, Ordering::SeqCst);
                facts::put(tx, first, first, at(0)).await?;
                if own.fetch_add(1, Ordering::SeqCst) == 0 {
                    both_hold_one.wait().await;
                }
                facts::put(tx, second, first, at(0)).await
            })
        })
    };
    let (one, other) = join(swap("a", "b"), swap("b", "a")).await;
    one.unwrap();
    other.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 3, "one of them ran again");
    assert_eq!(house.fact("a").await, house.fact("b").await, "both values are of whoever came last");
}

/// Between what the work read and its guarded change somebody else was quicker.
async fn work_that_lost_a_race_reads_again(server: fn() -> &'static Server) {
    let house = house(server).await;
    house.add(vec![verification(1)]).await;
    let (second, runs) = (house.second_store().await, Arc::new(AtomicU32::new(0)));
    let advanced = house.write((second, Arc::clone(&runs)), |tx, (second, runs)| {
        Box::pin(async move {
            let row = verifications::find(tx, uuid(1)).await?.unwrap();
            if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                let quicker: Result<bool, StoreError> = second
                    .write("quicker", (), |tx, ()| {
                        Box::pin(async move {
                            let verified = Event::Answered(Verdict::Verified);
                            verifications::advance(
                                tx,
                                uuid(1),
                                VerificationState::WAIT,
                                verified,
                                &Change::default(),
                            )
                            .await
                        })
                    })
                    .await;
                assert!(quicker?);
            }
            let event = match row.state() {
                VerificationState::WAIT => Event::DeadlinePassed,
                _ => Event::TransactionReported,
            };
            let change = Change { transaction: Some(("0xHASH".to_owned(), None)), ..Change::default() };
            match verifications::advance(tx, uuid(1), row.state(), event, &change).await? {
                true => Ok(event),
                false => Err(StoreError::GuardLost("verification")),
            }
        })
    });
    assert_eq!(advanced.await.unwrap(), Event::TransactionReported);
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(house.find(uuid(1)).await.unwrap().state(), VerificationState::VERIFIED_WITH_TRANSACTION);
}

async fn work_that_cannot_succeed_is_given_up(server: fn() -> &'static Server) {
    let house = house(server).await;
    house.add_commands(vec![command(1)]).await;
    let claimed = house.claim(1, "a", LONG).await.remove(0);
    house.finish(&claimed).await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let late = house.write((claimed, Arc::clone(&runs)), |tx, (command, runs)| {
        Box::pin(async move {
            runs.fetch_add(1, Ordering::SeqCst);
            waybill_store::tables::commands::finish(tx, command).await
        })
    });
    assert!(matches!(late.await, Err(StoreError::GuardLost(_))));
    assert!(runs.load(Ordering::SeqCst) <= 3, "{runs:?}");
}

/// On PostgreSQL the transaction ends with a failed statement, and a commit would undo it without a word.
async fn a_failure_that_the_work_ignored_loses_nothing_in_silence(server: fn() -> &'static Server) {
    let house = house(server).await;
    let careless = house.write((), |tx, ()| {
        Box::pin(async move {
            let key = ApiKeyRow {
                id: ApiKeyId("taken".to_owned()),
                name: "name".to_owned(),
                secret_hash: "00".to_owned(),
                scopes: String::new(),
                created_at: at(0),
                revoked_at: None,
            };
            facts::put(tx, "c", "0", at(0)).await?;
            api_keys::insert(tx, &key).await?;
            let taken = api_keys::insert(tx, &key).await;
            assert!(matches!(taken, Err(StoreError::Refused { .. })), "{taken:?}");
            Ok(())
        })
    });
    let said = careless.await;
    assert_eq!(said.is_ok(), house.fact("c").await.is_some(), "{said:?}");
    house.write((), |tx, ()| Box::pin(facts::put(tx, "d", "0", at(0)))).await.unwrap();
    assert!(house.fact("d").await.is_some(), "the connection is of use again");
}

/// A command is added between the deletion of a verification and that of what belongs to it.
async fn what_gets_work_to_do_while_it_is_deleted_stays(server: fn() -> &'static Server) {
    let house = house(server).await;
    house.add(vec![verification(1)]).await;
    house.verify(uuid(1)).await;
    let second = house.second_store().await;
    let deleted = house.write((second, AtomicU32::new(0)), |tx, (second, runs)| {
        Box::pin(async move {
            let outdated = Outdated { created_before: at(100_000), expired_before: at(10_000_000) };
            let old = verifications::oldest(tx, outdated.created_before, None, 10).await?;
            if !verifications::delete_old(tx, &old[0], &outdated).await? {
                return Ok(false);
            }
            if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                let added: Result<(), StoreError> = second
                    .write("quicker", (), |tx, ()| {
                        Box::pin(async move { commands::insert(tx, &command(1).in_group(uuid(1))).await })
                    })
                    .await;
                added?;
            }
            commands::delete_group(tx, &uuid(1).to_string()).await.map(|_| true)
        })
    });
    assert!(!deleted.await.unwrap());
    assert!(house.find(uuid(1)).await.is_some());
}
