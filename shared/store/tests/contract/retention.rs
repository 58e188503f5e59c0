//! Deleting verifications by age, with what belongs to them.

use std::time::Duration;

use waybill_domain::{CommandId, Event, KeyType, Timestamp, VerificationState, VerificationUuid};
use waybill_store::StoreError;
use waybill_store::tables::callback_deliveries::{self, CallbackDelivery};
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::history::{self, Deleted, HistoryFilter};
use waybill_store::tables::kyt_results;
use waybill_store::tables::own_keys::{self, OwnKey};
use waybill_store::tables::verifications::{self, Change, Cursor, Old, OldCount, Outdated};
use waybill_store::tables::{clock, facts};

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

const OUTDATED: fn() -> Outdated =
    || Outdated { created_before: at(100), expired_before: at(600_000) + Duration::from_millis(1) };

impl House {
    async fn oldest(&self, created_before: Timestamp, after: Option<Cursor>, limit: u32) -> Vec<Old> {
        let oldest =
            self.read((), move |tx, ()| Box::pin(verifications::oldest(tx, created_before, after, limit)));
        oldest.await.unwrap()
    }

    /// Which of these verifications go.
    async fn delete_old(&self, outdated: Outdated) -> Vec<VerificationUuid> {
        let old = self.oldest(outdated.created_before, None, 1000).await;
        let deleted = self.write((old, outdated), |tx, (old, outdated)| {
            Box::pin(async move {
                let mut deleted = Vec::new();
                for old in old {
                    if verifications::delete_old(tx, old, outdated).await? {
                        deleted.push(old.uuid);
                    }
                }
                Ok(deleted)
            })
        });
        deleted.await.unwrap()
    }

    async fn count_old(&self, outdated: Outdated) -> OldCount {
        self.read((), move |tx, ()| Box::pin(async move { verifications::count_old(tx, &outdated).await }))
            .await
            .unwrap()
    }

    async fn answered(&self, numbers: &[u32]) {
        self.add(numbers.iter().map(|number| verification(*number)).collect()).await;
        for number in numbers {
            self.verify(uuid(*number)).await;
        }
    }
}

fn about(number: i64, verification: u32) -> NewCommand {
    command(number).in_group(uuid(verification))
}

pub async fn the_oldest_come_in_order_and_each_once(house: House) {
    let mut all: Vec<_> = (0..10).map(verification).collect();
    for same_time in &mut all[3..7] {
        same_time.created_at = at(3);
    }
    house.add(all).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = house.oldest(at(9), after, 2).await;
        let Some(last) = page.last() else { break };
        after = Some(last.place);
        seen.extend(page.into_iter().map(|old| old.uuid));
    }
    assert_eq!(seen, (0..9).map(uuid).collect::<Vec<_>>(), "and none as young as the bound");
    assert!(house.oldest(at(0), None, 10).await.is_empty());
}

pub async fn what_waits_or_has_unfinished_commands_is_kept_however_old_it_is(house: House) {
    house.answered(&[1, 2, 3, 4, 100]).await;
    house.add(vec![verification(5)]).await; // waits
    let mut later = verification(6);
    later.expires_at = at(700_000);
    house.add(vec![later]).await;
    house.verify(uuid(6)).await; // may still be asked for
    house.add_commands(vec![about(1, 1), about(2, 2), about(3, 3)]).await;
    let claimed = house.claim(3, "a", LONG).await;
    house.finish(&claimed[0]).await.unwrap();
    house
        .write(claimed[1].clone(), |tx, command| Box::pin(commands::fail(tx, command, "gone")))
        .await
        .unwrap();
    house.add_commands(vec![about(4, 4)]).await; // 3 is being worked on, 4 is still to be
    assert_eq!(house.count_old(OUTDATED()).await, OldCount { deletable: 2, open: 2, unfinished: 2 });
    assert_eq!(house.delete_old(OUTDATED()).await, [uuid(1), uuid(2)]);
    for kept in [3, 4, 5, 6, 100] {
        assert!(house.find(uuid(kept)).await.is_some(), "{kept}");
    }
    assert_eq!(house.count_old(OUTDATED()).await, OldCount { deletable: 0, open: 2, unfinished: 2 });
    // And once nothing is open any more, it goes like the others.
    house.finish(&claimed[2]).await.unwrap();
    let event = Event::DeadlinePassed;
    assert!(house.advance(uuid(5), VerificationState::WAIT, event, Change::default()).await);
    assert_eq!(house.delete_old(OUTDATED()).await, [uuid(3), uuid(5)]);
}

pub async fn commands_deliveries_and_reply_key_of_one_go_and_those_of_others_stay(house: House) {
    let delivery = |command: CommandId, about| CallbackDelivery {
        command_id: command,
        verification_uuid: about,
        callback_type: "VERIFICATION_RESULT".to_owned(),
        attempt: 1,
        attempted_at: at(1),
        outcome: "DELIVERED".to_owned(),
        http_status: Some(200),
        took: Duration::ZERO,
        out_of_order: false,
    };
    let key = |number| OwnKey {
        key_type: KeyType::PerVerification,
        key_identifier: own_keys::reply_identifier(uuid(number)),
        key_id: format!("k{number}"),
        public_key: "public".to_owned(),
        private_key_sealed: "sealed".to_owned(),
        created_at: at(0),
        retired_at: None,
    };
    house.add_commands(vec![about(1, 1), about(2, 1), about(3, 2)]).await;
    let claimed = house.claim(3, "a", LONG).await;
    house.finish(&claimed[0]).await.unwrap();
    house
        .write(claimed[1].clone(), |tx, command| Box::pin(commands::fail(tx, command, "gone")))
        .await
        .unwrap();
    let rows = [delivery(claimed[0].id, uuid(1)), delivery(claimed[2].id, uuid(2))];
    let added = house.write((rows, [key(1), key(2)]), |tx, (deliveries, keys)| {
        Box::pin(async move {
            for delivery in deliveries {
                callback_deliveries::insert(tx, delivery).await?;
            }
            for key in keys {
                own_keys::insert(tx, key).await?;
            }
            Ok(())
        })
    });
    added.await.unwrap();
    let delete = async |number: u32| {
        let gone = house.write(uuid(number), |tx, uuid| {
            Box::pin(async move {
                let commands = commands::delete_group(tx, &uuid.to_string()).await?;
                let deliveries = callback_deliveries::delete_of_verification(tx, *uuid).await?;
                Ok((commands, deliveries, own_keys::delete_reply_key(tx, *uuid).await?))
            })
        });
        gone.await
    };
    assert_eq!(delete(1).await.unwrap(), (2, 1, 1));
    assert_eq!(delete(1).await.unwrap(), (0, 0, 0));
    assert!(matches!(delete(2).await, Err(StoreError::GuardLost(_))), "it is not finished: nothing goes");
    house.finish(&claimed[2]).await.unwrap();
    assert_eq!(delete(2).await.unwrap(), (1, 1, 1));
}

pub async fn what_was_given_up_goes_when_its_verification_is_gone(house: House) {
    house.answered(&[1]).await;
    house.add_commands(vec![about(1, 1), about(2, 2), command(3)]).await;
    for claimed in house.claim(3, "a", LONG).await {
        house.write(claimed, |tx, command| Box::pin(commands::fail(tx, command, "gone"))).await.unwrap();
    }
    let purge = async |before| {
        let gone = house.write((), move |tx, ()| Box::pin(commands::purge_orphans(tx, before, 100)));
        gone.await.unwrap().commands
    };
    let finished = house.command(&command(1)).await.finished_at.unwrap();
    assert_eq!(purge(finished - Duration::from_secs(1)).await, 0, "too young");
    assert_eq!(purge(finished + Duration::from_secs(3600)).await, 2);
    assert_eq!(house.command(&command(1)).await.group_key, Some(uuid(1).to_string()));
}

pub async fn the_clock_is_the_databases(house: House) {
    let now = async || house.read((), |tx, ()| Box::pin(clock::now(tx))).await.unwrap();
    let first = now().await;
    house.add_commands(vec![command(1)]).await;
    house.finish(&house.claim(1, "a", LONG).await[0]).await.unwrap();
    let finished = house.command(&command(1)).await.finished_at.unwrap();
    assert!(first <= finished && finished <= now().await);
    house.write(finished, |tx, at| Box::pin(facts::put(tx, "a", "b", *at))).await.unwrap();
    house.write((), |tx, ()| Box::pin(facts::remove(tx, "a"))).await.unwrap();
    assert_eq!(house.read((), |tx, ()| Box::pin(facts::get(tx, "a"))).await.unwrap(), None);
}

impl House {
    async fn delete_assessments(&self, number: u32) -> Result<Deleted, StoreError> {
        self.write(uuid(number), |tx, uuid| Box::pin(history::delete_of_verification(tx, *uuid))).await
    }

    async fn assessments(&self) -> Vec<String> {
        let filter = HistoryFilter::default();
        let all =
            self.read(filter, |tx, filter| Box::pin(history::list(tx, filter, None, 100))).await.unwrap();
        all.iter().map(|each| each.request_id().to_owned()).collect()
    }

    async fn finish_kyt(&self) {
        self.write((), |tx, ()| Box::pin(finish_kyt(tx))).await.unwrap();
    }
}

pub async fn a_verification_with_an_unfinished_risk_assessment_is_kept(house: House) {
    house.answered(&[1, 2, 3, 4]).await;
    house.add_sanction(sanction(1)).await.unwrap(); // has its answer
    house.add_kyt(kyt(2)).await.unwrap(); // is to be registered
    house.add_wco(wco(3), vec![case(3, 0)]).await.unwrap();
    house.add_kyt(registered_kyt(4, "e")).await.unwrap();
    let late = async |next| {
        house.claim_kyt("a", LONG, 9, Some(at(i64::from(u32::MAX) * 1000))).await;
        let said = kyt_results::Assessed { look_again: next, ..assessed() };
        house.assess_kyt(4, "a", said).await.unwrap();
    };
    late(Some(LONG)).await; // has its result, and is to be looked at again
    assert_eq!(house.count_old(OUTDATED()).await, OldCount { deletable: 1, open: 0, unfinished: 3 });
    assert_eq!(house.delete_old(OUTDATED()).await, [uuid(1)]);
    for number in 2..=4 {
        assert!(matches!(house.delete_assessments(number).await, Err(StoreError::GuardLost(_))), "{number}");
    }
    house.claim_kyt("b", LONG, 9, Some(at(2 * i64::from(u32::MAX) * 1000))).await;
    let ended = house.write((), |tx, ()| {
        Box::pin(async move {
            kyt_results::failed(tx, "kyt-2", "b", "GONE", at(9)).await?;
            kyt_results::looked_again(tx, "kyt-4", "b", 0, None, at(9), None).await
        })
    });
    ended.await.unwrap();
    assert_eq!(house.delete_old(OUTDATED()).await, [uuid(2), uuid(4)]);
    assert_eq!(house.count_old(OUTDATED()).await, OldCount { deletable: 0, open: 0, unfinished: 1 });
}

pub async fn risk_assessments_go_with_their_verification_and_shared_alerts_stay(house: House) {
    for number in 1..=3 {
        house.add_sanction(sanction(number)).await.unwrap();
    }
    for (number, external_id) in [(1, "one"), (2, "two"), (3, "two")] {
        house.add_kyt(registered_kyt(number, external_id)).await.unwrap();
    }
    let mut again = registered_kyt(9, "alone");
    again.verification_uuid = uuid(1);
    house.add_kyt(again).await.unwrap();
    house.finish_kyt().await;
    house
        .add_alerts(vec![
            alert("one", "a"),
            alert("one", "of both"),
            alert("alone", "b"),
            alert("two", "of both"),
            alert("two", "c"),
        ])
        .await;
    let unfinished = house.delete_assessments(1).await.unwrap();
    let expected = Deleted { sanction_results: 1, kyt_results: 2, kyt_alerts: 2, ..Deleted::default() };
    assert_eq!(unfinished, expected, "what two registrations have stays");
    assert_eq!(house.delete_assessments(1).await.unwrap(), Deleted::default());
    let expected = Deleted { sanction_results: 1, kyt_results: 1, ..Deleted::default() };
    assert_eq!(
        house.delete_assessments(2).await.unwrap(),
        expected,
        "another request has the same registration"
    );
    let left = house.read((), |tx, ()| Box::pin(waybill_store::tables::kyt_alerts::of_result(tx, "kyt-3")));
    assert_eq!(left.await.unwrap(), [alert("two", "of both"), alert("two", "c")]);
    let expected = Deleted { kyt_alerts: 2, ..expected };
    assert_eq!(house.delete_assessments(3).await.unwrap(), expected);
    for table in ["chainalysis_kyt_alerts", "kyt_alert_sightings"] {
        assert_eq!(house.raw(&format!("DELETE FROM {table}")).await.unwrap(), 0, "{table}");
    }

    house.add_wco(wco(5), vec![case(5, 0), case(5, 1)]).await.unwrap();
    house.add_wco(wco(6), vec![case(6, 0)]).await.unwrap();
    house.claim_wco("a", LONG, 1, None).await;
    let screened = house.write((), |tx, ()| {
        Box::pin(waybill_store::tables::wco_results::failed(tx, "wco-5", "a", "GONE", at(9)))
    });
    screened.await.unwrap();
    let expected = Deleted { wco_results: 1, wco_cases: 2, ..Deleted::default() };
    assert_eq!(house.delete_assessments(5).await.unwrap(), expected);
    assert_eq!((house.assessments().await, house.cases(6).await.len()), (vec!["wco-6".to_owned()], 1));
}

pub async fn risk_assessments_without_a_verification_go_by_age(house: House) {
    house.answered(&[1]).await;
    for number in 1..=4 {
        house.add_sanction(sanction(number)).await.unwrap();
        house.add_kyt(kyt(number)).await.unwrap();
    }
    house.add_wco(wco(2), vec![case(2, 0)]).await.unwrap(); // is still to be screened
    house.finish_kyt().await;
    let purge = async |limit| {
        let purged = house.write((), move |tx, ()| Box::pin(history::purge_orphans(tx, at(4), limit)));
        purged.await.unwrap()
    };
    let one = Deleted { sanction_results: 1, kyt_results: 1, ..Deleted::default() };
    assert_eq!(purge(1).await, (one, true), "the oldest first");
    assert_eq!(purge(10).await, (one, false));
    assert_eq!(purge(10).await, (Deleted::default(), false));
    assert_eq!(house.assessments().await, ["sanction-4", "kyt-4", "wco-2", "sanction-1", "kyt-1"]);
    assert_eq!(house.cases(2).await.len(), 1);
}
