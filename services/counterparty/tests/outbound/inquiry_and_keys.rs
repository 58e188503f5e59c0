//! Inquiries about transactions, and keys fetched for the service `keys`.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{Fault, KeyType, TransactionStatus, VerificationUuid};
use waybill_jobs::{FetchKey, InquireTransaction, KeyAnswer, Request as _};
use waybill_store::StoreError;
use waybill_store::tables::verifications::{self, NewVerification};

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, OURS, PEER, uuid};
use crate::house::House;

const LONG: Duration = Duration::from_secs(20);

/// A verification that the peer asked us for.
async fn asked_of_us(house: &House, uuid: VerificationUuid) {
    let ours = house.new_verification(uuid, KeyType::PerVasp);
    let new = NewVerification { originating_vasp_id: PEER, beneficiary_vasp_id: OURS, ..ours };
    let write = house.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
    assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
}

#[tokio::test]
async fn the_originator_says_how_far_it_is() {
    let (house, uuid) = (House::new().await, uuid(1));
    asked_of_us(&house, uuid).await;
    let inquiry = InquireTransaction { verification_uuid: uuid };
    let said = json!({"verificationUuid": uuid, "transactionStatus": "WAIT-CONFIRM", "txHash": "0xabc", "vout": "2"});
    house.peer.will([Act::Answer(200, said)]);
    let answer = house.ctx.bus.ask(&inquiry, LONG).await.unwrap();
    assert_eq!(answer.transaction_status, TransactionStatus::WaitConfirm);
    assert_eq!((answer.tx_hash.as_deref(), answer.vout.as_deref()), (Some("0xabc"), Some("2")));
    assert_eq!(house.peer.heard()[0].body, json!({"verificationUuid": uuid}));
}

#[tokio::test]
async fn an_inquiry_that_fails_says_why() {
    let (house, uuid) = (House::new().await, uuid(1));
    asked_of_us(&house, uuid).await;
    let inquiry = InquireTransaction { verification_uuid: uuid };
    let about = |uuid: VerificationUuid, status: &str, hash: &str| {
        Act::Answer(200, json!({"verificationUuid": uuid, "transactionStatus": status, "txHash": hash}))
    };
    for (act, code) in [
        (about(crate::fixture::uuid(2), "CONFIRMED", "0xabc"), "COUNTERPARTY-INVALID-ANSWER"),
        (about(uuid, "PERHAPS", "0xabc"), "COUNTERPARTY-INVALID-ANSWER"),
        (about(uuid, "CONFIRMED", "a\nb"), "COUNTERPARTY-INVALID-ANSWER"),
        (Act::refuse(404, "VERIFICATION-NOT-FOUND"), "COUNTERPARTY-REFUSED"),
        (Act::refuse(503, "BACKEND-UNAVAILABLE"), "COUNTERPARTY-UNAVAILABLE"),
    ] {
        house.peer.will([act]);
        assert_eq!(house.ctx.bus.ask(&inquiry, LONG).await.unwrap_err().code, code);
    }
    let unknown = InquireTransaction { verification_uuid: crate::fixture::uuid(9) };
    assert_eq!(house.ctx.bus.ask(&unknown, LONG).await.unwrap_err().code, "VERIFICATION-NOT-FOUND");
}

async fn fetch(house: &House, said: Value) -> Result<KeyAnswer, Fault> {
    let request = FetchKey {
        request_id: "request-1".to_owned(),
        vasp_id: PEER,
        key_type: KeyType::PerAddress,
        address_sealed: Some(house.ctx.vault.seal_request(FetchKey::KIND, "request-1", ADDRESS)),
        verification_uuid: None,
    };
    house.peer.will([Act::Answer(200, said)]);
    house.ctx.bus.ask(&request, LONG).await
}

fn key(house: &House, address: &str, expires_at: &str) -> Value {
    let public_key = house.peer.public_key(0).to_string();
    json!({
        "keyType": "PerAddress", "address": address, "keyId": "peer-0", "publicKey": public_key,
        "expiresAt": expires_at,
    })
}

#[tokio::test]
async fn a_key_is_fetched_for_exactly_what_was_asked() {
    let house = House::new().await;
    let (soon, past) = ("2026-01-02T03:34:05.000Z", "2026-01-02T03:04:05.000Z");
    let got = fetch(&house, key(&house, ADDRESS, soon)).await.unwrap();
    assert_eq!((&*got.key_id, got.public_key), ("peer-0", house.peer.public_key(0).to_string()));
    assert_eq!(house.peer.heard()[0].body, json!({"keyType": "PerAddress", "address": ADDRESS}));
    for wrong in [key(&house, "0xother", soon), key(&house, ADDRESS, past), json!({"keyId": "peer-0"})] {
        let refused = fetch(&house, wrong).await.unwrap_err();
        assert_eq!(refused.code, "COUNTERPARTY-INVALID-ANSWER");
    }
}
