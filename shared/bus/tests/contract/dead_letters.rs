//! What operators may do with dead letters, and what is refused to them.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_bus::BusOptions;
use waybill_bus::dead_letters::{
    DropError, Outlook, RedriveError, drop_dead_letter, redrive, redrive_all, show_dead_letter,
};
use waybill_domain::{AssetInfo, Clock as _, Event, KeyType, Timestamp, VaspId, Verdict, VerificationState};
use waybill_jobs::{Command, NotifyExpiry, ReportTransaction, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::audit;
use waybill_store::tables::commands::{self, CommandLease, CommandStatus, DeadFilter, NewCommand};
use waybill_store::tables::verifications::{self, Change, NewVerification};
use waybill_testkit::MockClock;

use crate::house::*;

const PEER: VaspId = VaspId::new(27372039731940770);

fn now() -> Timestamp {
    MockClock::default().now()
}

fn new_verification(byte: u8) -> NewVerification {
    let sealed = || "sealed".to_owned();
    NewVerification {
        uuid: verification(byte),
        asset: AssetInfo {
            symbol: "ETH".to_owned(),
            network: None,
            amount: "1".parse().unwrap(),
            is_exceeding_threshold: true,
            trade_price: "1".parse().unwrap(),
            trade_currency: "KRW".to_owned(),
            trade_iso_datetime: now(),
        },
        originating_vasp_id: VaspId::new(15952089931162059995),
        originator_account_number: "0xA".to_owned(),
        originator_sealed: sealed(),
        originating_vasp_sealed: sealed(),
        beneficiary_vasp_id: PEER,
        beneficiary_account_number: "0xB".to_owned(),
        beneficiary_sealed: sealed(),
        beneficiary_vasp_sealed: sealed(),
        created_at: now(),
        key_type: KeyType::PerVasp,
        payload_version: "1.0".to_owned(),
        required_beneficiary_info: String::new(),
        expires_at: now() + Duration::from_secs(600),
    }
}

impl House {
    /// A verification that waits, or was denied.
    async fn verification(&self, byte: u8, denied: bool) {
        let added = self.store.write("test", (new_verification(byte), denied), |tx, (new, denied)| {
            Box::pin(async move {
                verifications::insert(tx, new).await?;
                if *denied {
                    let (from, event) = (VerificationState::WAIT, Event::Answered(Verdict::Denied));
                    verifications::advance(tx, new.uuid, from, event, &Change::default()).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        added.await.unwrap();
    }

    /// A command about a verification that was given up.
    async fn dead<C: Command>(&self, byte: u8, body: &C) -> NewCommand {
        let new = self.bus.command(body).in_group(verification(byte));
        self.add(vec![new.clone()]).await;
        let given_up = self.store.write("test", new.id, |tx, id| {
            Box::pin(async move {
                let lease = CommandLease { token: id.to_string(), length: Duration::from_secs(60) };
                let claimed = commands::claim_named(tx, C::KIND, &[*id], &lease).await?;
                commands::fail(tx, &claimed[0], "given up: away").await
            })
        });
        given_up.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        new
    }

    async fn refusal(&self, command: &NewCommand) -> String {
        let shown = show_dead_letter(&self.store, command.id, now()).await.unwrap().unwrap();
        let Outlook::Refused(foretold) = shown.outlook else { panic!("{shown:?}") };
        match redrive(&self.store, command.id, now()).await {
            Err(RedriveError::Refused(why)) => assert_eq!(why, foretold),
            other => panic!("{other:?}"),
        }
        foretold
    }

    async fn audited(&self, event: &str) -> Vec<String> {
        let rows = self.store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 100))).await;
        let rows = rows.unwrap_or_else(|error: StoreError| panic!("{error}"));
        rows.into_iter().filter(|row| row.event == event).map(|row| row.detail).collect()
    }
}

#[tokio::test]
async fn what_is_of_no_use_any_more_is_refused() {
    let house = Opener::Embedded.house(BusOptions::default()).await;
    house.verification(1, false).await;
    house.verification(2, true).await;
    let about = |byte| verification(byte);
    let deleted = house.dead(9, &NotifyExpiry { verification_uuid: about(9) }).await;
    assert_eq!(house.refusal(&deleted).await, "its verification is deleted");
    let moved_on = house.dead(2, &VerifyCounterparty { verification_uuid: about(2) }).await;
    assert_eq!(house.refusal(&moved_on).await, "the verification has moved on: it is DENIED");
    let nothing = house.dead(1, &ReportTransaction { verification_uuid: about(1) }).await;
    assert_eq!(house.refusal(&nothing).await, "no transaction is reported");
    let body = VerifyCounterparty { verification_uuid: about(1) };
    let double = house.dead(1, &body).await;
    let twin = house.bus.command(&body).in_group(about(1));
    house.add(vec![twin.clone()]).await;
    assert_eq!(house.refusal(&double).await, format!("the same is under way as command {}", twin.id));
    let all = redrive_all(&house.store, DeadFilter::default(), 100, now()).await.unwrap();
    assert_eq!((all.redriven.len(), all.refused.len()), (0, 4));
    assert!(house.audited("DEAD-LETTER-REDRIVEN").await.is_empty());
    let unknown = redrive(&house.store, waybill_domain::CommandId::new(4711), now()).await;
    assert!(matches!(unknown, Err(RedriveError::NotFound)));
}

#[tokio::test]
async fn of_many_who_redrive_one_succeeds_and_is_audited() {
    let house = Opener::Embedded.house(BusOptions::default()).await;
    house.verification(1, false).await;
    let dead = house.dead(1, &VerifyCounterparty { verification_uuid: verification(1) }).await;
    let shown = show_dead_letter(&house.store, dead.id, now()).await.unwrap().unwrap();
    assert_eq!((shown.vasp, shown.status), (Some(PEER), CommandStatus::Error));
    let all = join_all((0..8).map(|_| redrive(&house.store, dead.id, now()))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1, "{all:?}");
    assert_eq!(house.status(&dead).await, (CommandStatus::Created, 0));
    let audited = house.audited("DEAD-LETTER-REDRIVEN").await;
    assert!(audited.len() == 1 && audited[0].contains("given up: away"), "{audited:?}");
}

#[tokio::test]
async fn what_is_dropped_says_why_and_stays_away() {
    let house = Opener::Embedded.house(BusOptions::default()).await;
    house.verification(1, true).await;
    let dead = house.dead(1, &VerifyCounterparty { verification_uuid: verification(1) }).await;
    for empty in ["", " ", "two\nlines", &"x".repeat(201)] {
        let refused = drop_dead_letter(&house.store, dead.id, empty, now()).await;
        assert!(matches!(refused, Err(DropError::Reason)), "{empty}: {refused:?}");
    }
    drop_dead_letter(&house.store, dead.id, " told by telephone ", now()).await.unwrap();
    assert_eq!(house.refusal(&dead).await, "it was dropped");
    let again = drop_dead_letter(&house.store, dead.id, "once more", now()).await;
    assert!(matches!(again, Err(DropError::Before)), "{again:?}");
    let audited = house.audited("DEAD-LETTER-DROPPED").await;
    assert!(audited.len() == 1 && audited[0].contains(r#""because":"told by telephone""#), "{audited:?}");
    assert_eq!(house.status(&dead).await.0, CommandStatus::Error, "the row stays");
}

#[tokio::test]
async fn what_a_verification_waits_for_is_not_dropped() {
    let house = Opener::Embedded.house(BusOptions::default()).await;
    house.verification(1, false).await;
    let dead = house.dead(1, &VerifyCounterparty { verification_uuid: verification(1) }).await;
    let refused = drop_dead_letter(&house.store, dead.id, "no use", now()).await;
    assert!(matches!(refused, Err(DropError::Waits)), "{refused:?}");
    assert!(house.audited("DEAD-LETTER-DROPPED").await.is_empty());
    redrive(&house.store, dead.id, now()).await.unwrap();
}
