//! A member asks whether an account is a customer's.

use serde_json::{Value, json};
use waybill_domain::{KeyType, reason};

use crate::backend::{Say, no_answers};
use crate::fixture::*;
use crate::house::{Heard, House};
use crate::letter::Letter;

const AT: &str = "2026-01-02T03:04:05.000Z";

fn question(beneficiary: Value) -> Value {
    json!({"version": "1.0", "ivms101": {"beneficiary": beneficiary}})
}

async fn letter(house: &House, payload: &Value, change: impl FnOnce(&mut Value)) -> Letter {
    let mut body = json!({"keyType": "PerVerification", "symbol": "ETH", "network": "Ethereum", "replyKey": house.reply_key()});
    change(&mut body);
    house.sealed_letter(ROBOT, "accounts", None, KeyType::PerVerification, body, payload).await
}

async fn ask(house: &House, payload: &Value) -> (Letter, Heard) {
    let letter = letter(house, payload, |_| {}).await;
    let heard = house.send(&letter).await;
    (letter, heard)
}

fn verdict(result: &str) -> Value {
    json!({"accountVerificationResult": result, "verifiedAt": AT})
}

#[tokio::test]
async fn our_backend_is_asked_and_its_answer_sealed() {
    let house = House::new().await;
    house.backend.will([Say::Json(verdict("VERIFIED"))]);
    let (letter, heard) = ask(&house, &question(talkative_beneficiary())).await;
    assert_eq!(house.open(&letter, "accounts", None, &heard), verdict("VERIFIED"));
    let asked = house.backend.heard().remove(0);
    assert_eq!(asked.path, "/account");
    assert_eq!(asked.headers["authorization"], "Bearer secret-token");
    assert_eq!(asked.headers["content-type"], "application/json");
    let expected = json!({
        "originatingVaspId": ROBOT, "symbol": "ETH", "network": "Ethereum", "version": "1.0",
        "ivms101": {"beneficiary": beneficiary(ADDRESS)}
    });
    assert_eq!(asked.body, expected, "names and account, nothing else");
}

#[tokio::test]
async fn a_token_may_have_a_header_of_its_own() {
    let house = House::with(&[("WAYBILL__BACKEND__AUTHORIZATION_HEADER", "X-Api-Key")]).await;
    house.backend.will([Say::Json(verdict("VERIFIED"))]);
    let (_, heard) = ask(&house, &question(beneficiary(ADDRESS))).await;
    assert_eq!(heard.status, 200);
    let asked = house.backend.heard().remove(0);
    assert_eq!(asked.headers["x-api-key"], "secret-token");
    assert!(!asked.headers.contains_key("authorization"));
}

#[tokio::test]
async fn denials_pass_with_reason_and_message() {
    let house = House::new().await;
    for reason in reason::ACCOUNT_ANSWER {
        let mut said = verdict("DENIED");
        said["reason"] = json!(reason);
        said["message"] = json!(ADDRESS);
        house.backend.will([Say::Json(said.clone())]);
        let (letter, heard) = ask(&house, &question(beneficiary(ADDRESS))).await;
        assert_eq!(house.open(&letter, "accounts", None, &heard), said);
    }
}

#[tokio::test]
async fn a_backend_without_an_answer_is_no_denial() {
    let house = House::with(&[("WAYBILL__BACKEND__ACCOUNT_TIMEOUT", "200ms")]).await;
    for (said, own_doing) in no_answers() {
        house.backend.will([said.clone()]);
        let (_, heard) = ask(&house, &question(beneficiary(ADDRESS))).await;
        let refused = matches!(said, Say::Raw(300..500, ..));
        if own_doing && !refused {
            heard.refuses(502, "BACKEND-INVALID-ANSWER");
        } else {
            heard.refuses(503, "BACKEND-UNAVAILABLE");
        }
    }
    house.backend.will([Say::Nothing]);
    ask(&house, &question(beneficiary(ADDRESS))).await.1.refuses(504, "BACKEND-TIMEOUT");
}

#[tokio::test]
async fn a_backend_that_is_not_there_is_unavailable() {
    let house = House::with(&[("WAYBILL__BACKEND__ACCOUNT_URL", "http://127.0.0.1:9/account")]).await;
    ask(&house, &question(beneficiary(ADDRESS))).await.1.refuses(503, "BACKEND-UNAVAILABLE");
}

#[tokio::test]
async fn payloads_that_break_the_profile_are_invalid() {
    let house = House::new().await;
    for payload in [
        json!({"version": "1.0"}),
        json!({"version": "1.0", "ivms101": {}}),
        json!({"version": "1".repeat(17), "ivms101": {"beneficiary": beneficiary(ADDRESS)}}),
        question(json!({"accountNumber": []})),
        question(json!({"accountNumber": [ADDRESS, "Taylor"]})),
        question(
            json!({"accountNumber": [ADDRESS], "beneficiaryPersons": [{"naturalPerson": {"name": "Taylor"}}]}),
        ),
        question(json!({"accountNumber": ["a".repeat(41 * 1024)]})),
        json!("Taylor"),
    ] {
        ask(&house, &payload).await.1.refuses(422, "INVALID-PAYLOAD");
    }
    let mut large = question(beneficiary(ADDRESS));
    large["more"] = json!("x".repeat(49 * 1024));
    ask(&house, &large).await.1.refuses(413, "PAYLOAD-TOO-LARGE");
    assert!(house.backend.heard().is_empty());
}

#[tokio::test]
async fn payloads_that_do_not_open_are_told_apart_from_unknown_keys() {
    let house = House::new().await;
    let good = letter(&house, &question(beneficiary(ADDRESS)), |_| {}).await;
    let moved = Letter { message_id: house.message_id(), ..good.clone() };
    house.send(&moved).await.refuses(400, "UNREADABLE-PAYLOAD");
    let mut body: Value = serde_json::from_str(&good.body).unwrap();
    body["sealed"]["keyId"] = json!("gone");
    let unknown = Letter { body: body.to_string(), message_id: house.message_id(), ..good };
    house.send(&unknown).await.refuses(409, "UNKNOWN-KEY");
}

#[tokio::test]
async fn fields_outside_the_payload_are_checked() {
    let house = House::new().await;
    let good = question(beneficiary(ADDRESS));
    for (field, value, code) in [
        ("symbol", json!(""), "INVALID-SYMBOL"),
        ("symbol", json!("E".repeat(17)), "INVALID-SYMBOL"),
        ("network", json!("n".repeat(129)), "INVALID-NETWORK"),
        ("replyKey", json!({"keyId": "", "publicKey": "x"}), "INVALID-KEY-ID"),
        ("replyKey", json!({"keyId": "k", "publicKey": "A".repeat(43)}), "INVALID-PUBLIC-KEY"),
    ] {
        let letter = letter(&house, &good, |body| body[field] = value).await;
        house.send(&letter).await.refuses(400, code);
    }
}

#[tokio::test]
async fn a_key_made_for_one_question_is_gone_after_it() {
    let house = House::new().await;
    house.backend.will([Say::Json(verdict("VERIFIED"))]);
    let (letter, _) = ask(&house, &question(beneficiary(ADDRESS))).await;
    let body: Value = serde_json::from_str(&letter.body).unwrap();
    assert!(house.own_key(body["sealed"]["keyId"].as_str().unwrap()).await.is_none());
}
