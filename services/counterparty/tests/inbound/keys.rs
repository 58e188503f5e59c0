//! A member asks for a key of ours.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_crypto::EncryptionPublicKey;
use waybill_domain::{KeyType, Place};

use crate::fixture::*;
use crate::house::House;

#[tokio::test]
async fn every_scope_gets_a_key_bound_to_what_was_asked() {
    let house = House::new().await;
    for body in [
        json!({"keyType": "PerVasp"}),
        json!({"keyType": "PerAddress", "address": ADDRESS}),
        json!({"keyType": "PerAddress", "address": "nobody's"}),
        json!({"keyType": "PerVerification"}),
        json!({"keyType": "PerVerification", "verificationUuid": uuid(1)}),
    ] {
        let heard = house.tell(ROBOT, "keys", &body).await;
        assert_eq!(heard.status, 200, "{:?}", heard.body);
        assert!(heard.signed);
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&heard.body[field], value);
        }
        assert_eq!(heard.body["expiresAt"], "2026-01-02T03:34:05.000Z");
        assert!(EncryptionPublicKey::parse(heard.body["publicKey"].as_str().unwrap()).is_ok());
        let stored = house.own_key(heard.body["keyId"].as_str().unwrap()).await.unwrap();
        assert_eq!(stored.public_key, heard.body["publicKey"]);
    }
}

#[tokio::test]
async fn a_fresh_key_for_one_verification_is_given_once() {
    let house = House::new().await;
    let body = json!({"keyType": "PerVerification", "verificationUuid": uuid(1)});
    let (one, two) = (house.tell(ROBOT, "keys", &body).await, house.tell(OTHER, "keys", &body).await);
    assert_ne!(one.body["keyId"], two.body["keyId"]);
}

#[tokio::test]
async fn fields_go_with_their_scope_only() {
    let house = House::new().await;
    for (body, code) in [
        (json!({}), "MISSING-KEY-TYPE"),
        (json!({"keyType": "PerGalaxy"}), "INVALID-KEY-TYPE"),
        (json!({"keyType": "PerAddress"}), "MISSING-ADDRESS"),
        (json!({"keyType": "PerAddress", "address": ""}), "INVALID-ADDRESS"),
        (json!({"keyType": "PerAddress", "address": "a".repeat(257)}), "INVALID-ADDRESS"),
        (json!({"keyType": "PerVasp", "address": ADDRESS}), "INVALID-ADDRESS"),
        (json!({"keyType": "PerVasp", "verificationUuid": uuid(1)}), "INVALID-VERIFICATION-UUID"),
        (json!({"keyType": "PerVerification", "verificationUuid": "x"}), "INVALID-VERIFICATION-UUID"),
    ] {
        house.tell(ROBOT, "keys", &body).await.refuses(400, code);
    }
}

#[tokio::test]
async fn keys_are_rationed_for_each_member() {
    let house = House::with(&[("WAYBILL__LISTENER__KEY_REQUESTS_PER_MINUTE", "3")]).await;
    let body = json!({"keyType": "PerVasp"});
    let ask = async |vasp| house.tell(vasp, "keys", &body).await;
    for _ in 0..3 {
        assert_eq!(ask(ROBOT).await.status, 200);
    }
    let refused = ask(ROBOT).await;
    refused.refuses(429, "TOO-MANY-KEY-REQUESTS");
    assert_eq!(refused.headers["retry-after"], "20");
    assert_eq!(ask(OTHER).await.status, 200);
    house.clock.advance(Duration::from_secs(20));
    assert_eq!(ask(ROBOT).await.status, 200);
    ask(ROBOT).await.refuses(429, "TOO-MANY-KEY-REQUESTS");
}

#[tokio::test]
async fn a_listener_gives_its_share_of_the_keys_that_a_member_may_ask_for() {
    let house = House::with(&[("WAYBILL__LISTENER__KEY_REQUESTS_PER_MINUTE", "5")]).await;
    house.ctx.shares.counterparty.set(Place { number: 1, of: 2 });
    let ask = async || house.tell(ROBOT, "keys", &json!({"keyType": "PerVasp"})).await;
    for _ in 0..2 {
        assert_eq!(ask().await.status, 200);
    }
    ask().await.refuses(429, "TOO-MANY-KEY-REQUESTS");
    house.ctx.shares.counterparty.set(Place::WHOLE); // the other listener is gone
    house.clock.advance(Duration::from_secs(12));
    assert_eq!(ask().await.status, 200, "its rate is this one's now");
}

#[tokio::test]
async fn known_and_unknown_addresses_are_answered_alike() {
    let house = House::new().await;
    let shape = |body: &Value| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let known = house.tell(ROBOT, "keys", &json!({"keyType": "PerAddress", "address": ADDRESS})).await;
    let unknown = house.tell(ROBOT, "keys", &json!({"keyType": "PerAddress", "address": "x"})).await;
    assert_eq!(shape(&known.body), shape(&unknown.body));
    assert!(house.backend.heard().is_empty());
    let types = [KeyType::PerAddress; 2];
    for (heard, key_type) in [known, unknown].iter().zip(types) {
        assert_eq!(house.own_key(heard.body["keyId"].as_str().unwrap()).await.unwrap().key_type, key_type);
    }
}
