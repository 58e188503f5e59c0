//! Transactions, errors and expiries are told until the peer knows.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{Event, KeyType, ReportedError, Verdict, VerificationState, VerificationUuid};
use waybill_jobs::{NotifyExpiry, ReportError, ReportTransaction};
use waybill_store::StoreError;
use waybill_store::tables::commands::CommandStatus;
use waybill_store::tables::verifications::{self, Change};
use waybill_vault::Column;

use crate::fake_peer::Act;
use crate::fixture::uuid;
use crate::house::House;

const TX_HASH: &str = "0x0f7ccf7a8ae7ad5bd8ae8ed6cb7ba8d6c0e8ed6cb7ba8d6c0e8ed6cb7ba8d6c0";

async fn advance(
    house: &House,
    uuid: VerificationUuid,
    from: VerificationState,
    event: Event,
    change: Change,
) {
    let work = (uuid, from, event, change);
    let write = house.ctx.store.write("test", work, |tx, (uuid, from, event, change)| {
        Box::pin(verifications::advance(tx, *uuid, *from, *event, change))
    });
    assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
}

/// A verification that was confirmed.
async fn confirmed(house: &House, uuid: VerificationUuid) {
    house.accept(uuid, KeyType::PerVasp).await;
    let event = Event::Answered(Verdict::Verified);
    advance(house, uuid, VerificationState::WAIT, event, Change::default()).await;
}

/// Its transaction, reported as ingress does.
async fn report_transaction(house: &House, uuid: VerificationUuid) {
    confirmed(house, uuid).await;
    let transaction = Some((TX_HASH.to_owned(), Some("1".to_owned())));
    let change = Change { transaction, ..Change::default() };
    advance(house, uuid, VerificationState::VERIFIED, Event::TransactionReported, change).await;
    house.begin(uuid, &ReportTransaction { verification_uuid: uuid }).await;
}

/// An error, reported as ingress does.
async fn report_error(house: &House, uuid: VerificationUuid, message: Option<&str>) {
    confirmed(house, uuid).await;
    let seal = |text| house.ctx.vault.seal_column(uuid, Column::Message, text);
    let change = Change {
        reason: Some("USER-CANCELED".to_owned()),
        message_sealed: message.map(seal),
        error_reported_at: Some(house.ctx.clock.now()),
        ..Change::default()
    };
    let event = Event::ErrorReported(ReportedError::Denied);
    advance(house, uuid, VerificationState::VERIFIED, event, change).await;
    house.begin(uuid, &ReportError { verification_uuid: uuid }).await;
}

#[tokio::test]
async fn a_transaction_is_told() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::acknowledge()]);
    report_transaction(&house, uuid).await;
    house.until::<ReportTransaction>(uuid, 1, CommandStatus::Done).await;
    let heard = house.peer.heard().remove(0);
    assert_eq!(heard.path, "transactions");
    assert_eq!(heard.body, json!({"verificationUuid": uuid, "txHash": TX_HASH, "vout": "1"}));
}

#[tokio::test]
async fn an_error_is_told_and_its_text_is_sealed() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(409, "UNKNOWN-KEY"), Act::acknowledge()]);
    report_error(&house, uuid, Some("Taylor changed her mind")).await;
    house.until::<ReportError>(uuid, 1, CommandStatus::Done).await;
    let heard = house.peer.heard().remove(1);
    assert_eq!((&*heard.path, &heard.body["result"]), ("errors", &json!("DENIED")));
    assert_eq!(heard.body["reason"], "USER-CANCELED");
    assert_eq!(heard.payload, Some(json!({"message": "Taylor changed her mind"})));
    assert!(!heard.body.to_string().contains("Taylor"));
}

#[tokio::test]
async fn an_error_without_a_text_needs_no_key() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::acknowledge()]);
    report_error(&house, uuid, None).await;
    house.until::<ReportError>(uuid, 1, CommandStatus::Done).await;
    assert!(house.keys.asked().is_empty());
    assert!(house.peer.heard()[0].body.get("sealed").is_none());
}

#[tokio::test]
async fn a_peer_whose_own_answer_is_still_on_its_way_is_told_again() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(409, "VERIFICATION-NOT-VERIFIED"), Act::Break, Act::acknowledge()]);
    report_transaction(&house, uuid).await;
    for attempt in 1..=2 {
        house.try_again::<ReportTransaction>(uuid, attempt).await;
    }
    house.until::<ReportTransaction>(uuid, 3, CommandStatus::Done).await;
}

#[tokio::test]
async fn a_report_that_is_refused_for_good_is_given_up_with_the_code() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(409, "TX-ALREADY-REPORTED")]);
    report_transaction(&house, uuid).await;
    let dead = house.until::<ReportTransaction>(uuid, 1, CommandStatus::Error).await;
    assert_eq!(dead.last_error.as_deref(), Some("TX-ALREADY-REPORTED"));
}

#[tokio::test]
async fn a_report_is_given_up_after_a_week() {
    let (house, uuid) = (House::new().await, uuid(1));
    report_transaction(&house, uuid).await; // the peer is down
    house.until::<ReportTransaction>(uuid, 1, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(6 * 86_400));
    house.try_again::<ReportTransaction>(uuid, 1).await;
    house.until::<ReportTransaction>(uuid, 2, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(86_400));
    house.try_again::<ReportTransaction>(uuid, 2).await;
    let dead = house.until::<ReportTransaction>(uuid, 3, CommandStatus::Error).await;
    assert!(dead.last_error.unwrap().starts_with("given up"));
}

#[tokio::test]
async fn a_notice_of_expiry_is_sent_until_it_is_stored() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.accept(uuid, KeyType::PerVasp).await;
    house.peer.will([Act::refuse(503, "SERVICE-UNAVAILABLE"), Act::acknowledge()]);
    house.begin(uuid, &NotifyExpiry { verification_uuid: uuid }).await;
    house.try_again::<NotifyExpiry>(uuid, 1).await;
    house.until::<NotifyExpiry>(uuid, 2, CommandStatus::Done).await;
}

#[tokio::test]
async fn a_notice_that_overtook_its_question_is_sent_again_until_every_clock_has_passed_the_deadline() {
    let (house, uuid) = (House::new().await, uuid(1));
    let not_found = || Act::refuse(404, "VERIFICATION-NOT-FOUND");
    house.accept(uuid, KeyType::PerVasp).await;
    house.peer.will([not_found(), Act::With("retry-after", "600", Box::new(not_found())), not_found()]);
    house.begin(uuid, &NotifyExpiry { verification_uuid: uuid }).await;
    house.clock.advance(Duration::from_secs(600));
    house.try_again::<NotifyExpiry>(uuid, 1).await;
    house.until::<NotifyExpiry>(uuid, 2, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(600));
    house.try_again::<NotifyExpiry>(uuid, 2).await;
    house.until::<NotifyExpiry>(uuid, 3, CommandStatus::Done).await;
    assert_eq!(house.peer.heard().len(), 3);
}

#[tokio::test]
async fn what_was_never_reported_is_not_told() {
    let (house, uuid) = (House::new().await, uuid(1));
    confirmed(&house, uuid).await;
    house.begin(uuid, &ReportTransaction { verification_uuid: uuid }).await;
    house.begin(uuid, &ReportError { verification_uuid: uuid }).await;
    house.until::<ReportTransaction>(uuid, 1, CommandStatus::Error).await;
    house.until::<ReportError>(uuid, 1, CommandStatus::Error).await;
    assert!(house.peer.heard().is_empty());
}
