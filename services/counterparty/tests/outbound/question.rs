//! A verification from the first question to its end.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{KeyType, VerificationResult};
use waybill_jobs::{CallbackType, Command as _, DeliverCallback, NotifyExpiry, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandStatus};

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, ASKED, beneficiary, denied, talkative_beneficiary, uuid, verified};
use crate::house::House;

#[tokio::test]
async fn an_answer_at_once_ends_the_wait_and_tells_our_backend() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    let row = house.until_ended(uuid, 1).await;
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Verified, Some("OK")));
    assert!(row.verified_at.is_some());
    assert_eq!(house.beneficiary(&row), beneficiary(ADDRESS));
    let callback = house.callback(uuid).await;
    assert_eq!(callback.callback_type, CallbackType::VerificationResult);
    assert_eq!((callback.result.as_deref(), callback.reason.as_deref()), (Some("VERIFIED"), Some("OK")));
    assert!(callback.webhook_id.starts_with("msg_"));
    assert!(house.commands::<NotifyExpiry>(uuid).await.is_empty());
}

#[tokio::test]
async fn a_question_and_a_notice_belong_to_the_trace_of_the_request() {
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::Seal(verified(&beneficiary("0xother"))), Act::acknowledge()]);
    house.accept(uuid, KeyType::PerVasp).await;
    let command = house.ctx.bus.command(&VerifyCounterparty { verification_uuid: uuid }).in_group(uuid);
    house.add(command.traced(Some(trace.to_owned()))).await;
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
    for heard in house.peer.heard() {
        let theirs = heard.trace.unwrap();
        assert_eq!(theirs[..36], trace[..36], "the same trace: {}", heard.path);
        assert_ne!(theirs, trace, "its next step");
    }
}

#[tokio::test]
async fn the_question_says_what_the_protocol_wants() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::Seal(denied("UNKNOWN-ADDRESS", "who?"))]);
    house.verify(uuid).await;
    let row = house.until_ended(uuid, 1).await;
    let heard = house.peer.heard().remove(0);
    assert_eq!(heard.path, "verifications");
    assert_eq!(heard.body["verificationUuid"], json!(uuid));
    assert_eq!(heard.body["requiredBeneficiaryInfo"], ASKED);
    assert_eq!(heard.body["expiresAt"], "2026-01-02T03:14:05.000Z");
    assert_eq!(heard.body["assetInfo"]["amount"], "1.5");
    let payload = heard.payload.unwrap();
    assert_eq!(payload["version"], "1.0");
    let parties: Vec<_> = payload["ivms101"].as_object().unwrap().keys().collect();
    assert_eq!(parties, ["originator", "beneficiary", "originatingVASP", "beneficiaryVASP"]);
    assert!(!heard.body.to_string().contains("Robbins"));
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Denied, Some("UNKNOWN-ADDRESS")));
    assert_eq!(house.message(&row).as_deref(), Some("who?"));
    assert_eq!(house.callback(uuid).await.message_sealed, row.message_sealed);
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_kept() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::Seal(verified(&talkative_beneficiary()))]);
    house.verify(uuid).await;
    let row = house.until_ended(uuid, 1).await;
    assert_eq!(row.result, VerificationResult::Verified);
    assert_eq!(house.beneficiary(&row), beneficiary(ADDRESS));
}

#[tokio::test]
async fn an_accepted_question_is_asked_again_and_fetches_the_answer() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::accept(), Act::accept(), Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    for attempt in 1..=2 {
        let waiting = house.try_again::<VerifyCounterparty>(uuid, attempt).await;
        assert_eq!(waiting.last_error.as_deref(), Some("accepted"));
        assert_eq!(house.row(uuid).await.result, VerificationResult::Wait);
    }
    assert_eq!(house.until_ended(uuid, 3).await.result, VerificationResult::Verified);
    let heard = house.peer.heard();
    assert!(heard[0].message_id != heard[1].message_id && heard[1].message_id != heard[2].message_id);
    assert_eq!(heard[0].payload, heard[2].payload);
}

#[tokio::test]
async fn an_accepted_question_is_not_asked_again_too_soon() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::accept()]);
    house.accept(uuid, KeyType::PerVasp).await;
    let command = house.ctx.bus.command(&VerifyCounterparty { verification_uuid: uuid });
    house.add(command.in_group(uuid)).await;
    house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
    let next_due = house
        .ctx
        .store
        .read("test", VerifyCounterparty::KIND, |tx, kind| Box::pin(commands::next_due(tx, kind)));
    let wait = next_due.await.unwrap_or_else(|error: StoreError| panic!("{error}")).unwrap();
    assert!(wait <= Duration::from_millis(18_750), "{wait:?}");
    assert!(wait >= Duration::from_secs(5), "{wait:?}; with ten seconds for a slow machine");
}

#[tokio::test]
async fn a_lost_answer_is_fetched_by_asking_again() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::Break, Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    house.try_again::<VerifyCounterparty>(uuid, 1).await;
    assert_eq!(house.until_ended(uuid, 2).await.result, VerificationResult::Verified);
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
}

#[tokio::test]
async fn an_unavailable_peer_is_asked_again() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([
        Act::refuse(500, "INTERNAL-ERROR"),
        Act::refuse(429, "TOO-MANY-REQUESTS"),
        Act::refuse(503, "DIRECTORY-EXPIRED"),
        Act::Seal(verified(&beneficiary(ADDRESS))),
    ]);
    house.verify(uuid).await;
    for attempt in 1..=3 {
        house.try_again::<VerifyCounterparty>(uuid, attempt).await;
    }
    assert_eq!(house.until_ended(uuid, 4).await.result, VerificationResult::Verified);
}

#[tokio::test]
async fn an_unknown_key_is_replaced_once() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(409, "UNKNOWN-KEY"), Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified);
    let heard = house.peer.heard();
    assert_eq!(heard[0].body["sealed"]["keyId"], "peer-0");
    assert_eq!(heard[1].body["sealed"]["keyId"], "peer-1");
    assert_ne!(heard[0].message_id, heard[1].message_id);
    assert_eq!(house.keys.asked()[1].refused_key_id.as_deref(), Some("peer-0"));
}

#[tokio::test]
async fn a_peer_that_knows_none_of_its_keys_is_not_asked_a_third_time() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(409, "UNKNOWN-KEY"), Act::refuse(409, "UNKNOWN-KEY")]);
    house.verify(uuid).await;
    let row = house.until_ended(uuid, 1).await;
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Error, Some("UNDEFINED-ERROR")));
    assert_eq!(house.message(&row).as_deref(), Some("UNKNOWN-KEY"));
    assert_eq!(house.peer.heard().len(), 2);
}

#[tokio::test]
async fn a_refusal_ends_the_wait_with_the_peers_code_and_not_its_text() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(422, "INVALID-PAYLOAD")]);
    house.verify(uuid).await;
    let row = house.until_ended(uuid, 1).await;
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Error, Some("UNDEFINED-ERROR")));
    assert_eq!(house.message(&row).as_deref(), Some("INVALID-PAYLOAD"));
    assert_eq!(house.callback(uuid).await.result.as_deref(), Some("ERROR"));
    assert!(house.commands::<NotifyExpiry>(uuid).await.is_empty(), "the peer knows nothing of it");
}

#[tokio::test]
async fn a_refusal_of_the_sender_is_held_until_it_is_put_right() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(403, "INACTIVE-SENDER"), Act::accept()]);
    house.verify(uuid).await;
    house.try_again::<VerifyCounterparty>(uuid, 1).await;
    house.try_again::<VerifyCounterparty>(uuid, 2).await;
    assert_eq!(house.row(uuid).await.result, VerificationResult::Wait);
}

#[tokio::test]
async fn a_peer_that_refuses_what_it_accepted_before_is_told_the_end() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::accept(), Act::refuse(409, "VERIFICATION-CONFLICT"), Act::acknowledge()]);
    house.verify(uuid).await;
    house.try_again::<VerifyCounterparty>(uuid, 1).await;
    assert_eq!(house.until_ended(uuid, 2).await.reason.as_deref(), Some("UNDEFINED-ERROR"));
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
    let told = house.peer.heard().pop().unwrap();
    assert_eq!((&*told.path, &told.body["reason"]), ("expiries", &json!("UNDEFINED-ERROR")));
}

#[tokio::test]
async fn a_deadline_that_passed_ends_the_wait_and_the_peer_is_told() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::accept(), Act::acknowledge()]);
    house.verify(uuid).await;
    house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(600));
    house.try_again::<VerifyCounterparty>(uuid, 1).await;
    let row = house.until_ended(uuid, 2).await;
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Error, Some("REQUEST-TIMEOUT")));
    assert_eq!(house.callback(uuid).await.reason.as_deref(), Some("REQUEST-TIMEOUT"));
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
    let heard = house.peer.heard();
    assert_eq!(heard[1].path, "expiries");
    let told = json!({
        "verificationUuid": uuid, "expiresAt": "2026-01-02T03:14:05.000Z", "reason": "REQUEST-TIMEOUT"
    });
    assert_eq!(heard[1].body, told);
}

#[tokio::test]
async fn an_answer_after_the_deadline_comes_too_late() {
    let (house, uuid) = (House::new().await, uuid(1));
    let answer = Act::Seal(verified(&beneficiary(ADDRESS)));
    house.peer.will([Act::After(Duration::from_secs(600), Box::new(answer)), Act::acknowledge()]);
    house.verify(uuid).await;
    assert_eq!(house.until_ended(uuid, 1).await.reason.as_deref(), Some("REQUEST-TIMEOUT"));
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
}

#[tokio::test]
async fn a_peer_that_says_it_is_too_late_is_believed() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::refuse(410, "EXPIRED-VERIFICATION"), Act::acknowledge()]);
    house.verify(uuid).await;
    assert_eq!(house.until_ended(uuid, 1).await.reason.as_deref(), Some("REQUEST-TIMEOUT"));
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
}

#[tokio::test]
async fn keys_are_asked_for_in_the_scope_that_was_chosen() {
    let house = House::new().await;
    for (byte, key_type) in [(1, KeyType::PerVasp), (2, KeyType::PerAddress), (3, KeyType::PerVerification)] {
        let uuid = uuid(byte);
        house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
        house.accept(uuid, key_type).await;
        house.begin(uuid, &VerifyCounterparty { verification_uuid: uuid }).await;
        assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified);
        let asked = house.keys.asked().pop().unwrap();
        assert_eq!(asked.key_type, key_type);
        assert_eq!(asked.address_sealed.is_some(), key_type == KeyType::PerAddress);
        let about = (key_type == KeyType::PerVerification).then_some(uuid);
        assert_eq!(asked.verification_uuid, about);
        let reply_key =
            house.peer.heard().pop().unwrap().body["replyKey"]["keyId"].as_str().unwrap().to_owned();
        assert_eq!(house.has_own_key(&reply_key).await, about.is_none(), "a key for one answer is deleted");
    }
}

#[tokio::test]
async fn without_a_key_the_question_waits() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.keys.refuse(waybill_domain::codes::counterparty_unavailable().retry_after(30));
    house.verify(uuid).await;
    let waiting = house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
    assert!(waiting.last_error.unwrap().contains("unavailable"));
    assert_eq!(house.row(uuid).await.result, VerificationResult::Wait);
    assert!(house.peer.heard().is_empty());
}
