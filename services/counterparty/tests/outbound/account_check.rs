//! Account checks: answered while our backend waits.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{AccountVerificationResult, Fault, KeyType};
use waybill_jobs::{AccountAnswer, CheckAccount, Request as _};

use crate::fake_peer::{Act, BadSignature};
use crate::fixture::{ADDRESS, PEER, beneficiary, talkative_beneficiary};
use crate::house::{House, Options};

const REQUEST: &str = "request-1";
const LONG: Duration = Duration::from_secs(20);

fn request(house: &House, beneficiary: &Value) -> CheckAccount {
    let payload = json!({"version": "1.0", "ivms101": {"beneficiary": beneficiary}}).to_string();
    CheckAccount {
        request_id: REQUEST.to_owned(),
        beneficiary_vasp_id: PEER,
        key_type: KeyType::PerAddress,
        symbol: "ETH".to_owned(),
        network: None,
        payload_sealed: house.ctx.vault.seal_request(CheckAccount::KIND, REQUEST, &payload),
    }
}

async fn check(house: &House) -> Result<AccountAnswer, Fault> {
    house.ctx.bus.ask(&request(house, &beneficiary(ADDRESS)), LONG).await
}

fn at_once(result: &str) -> Value {
    json!({"accountVerificationResult": result, "verifiedAt": "2026-01-02T03:04:06.000Z"})
}

#[tokio::test]
async fn an_account_is_confirmed_and_only_names_are_sent() {
    let house = House::new().await;
    house.peer.will([Act::Seal(at_once("VERIFIED"))]);
    let answer = house.ctx.bus.ask(&request(&house, &talkative_beneficiary()), LONG).await.unwrap();
    assert_eq!(answer.account_verification_result, AccountVerificationResult::Verified);
    assert_eq!((answer.reason, answer.message_sealed), (None, None));
    let heard = house.peer.heard().remove(0);
    assert_eq!((&*heard.path, &heard.body["symbol"]), ("accounts", &json!("ETH")));
    assert_eq!(heard.payload.unwrap()["ivms101"], json!({"beneficiary": beneficiary(ADDRESS)}));
    assert!(house.keys.asked()[0].address_sealed.is_some());
}

#[tokio::test]
async fn a_denial_passes_with_its_words() {
    let house = House::new().await;
    let mut denial = at_once("DENIED");
    denial["reason"] = json!("UNKNOWN-ADDRESS");
    denial["message"] = json!(ADDRESS);
    house.peer.will([Act::Seal(denial)]);
    let answer = check(&house).await.unwrap();
    assert_eq!(answer.account_verification_result, AccountVerificationResult::Denied);
    assert_eq!(answer.reason.as_deref(), Some("UNKNOWN-ADDRESS"));
    let sealed = answer.message_sealed.unwrap();
    let message = house.ctx.vault.open_request(CheckAccount::KIND, REQUEST, &sealed).unwrap();
    assert_eq!(*message, ADDRESS);
}

#[tokio::test]
async fn an_unknown_key_is_replaced_once() {
    let house = House::new().await;
    house.peer.will([Act::refuse(409, "UNKNOWN-KEY"), Act::Seal(at_once("VERIFIED"))]);
    assert!(check(&house).await.is_ok());
    house.peer.will([Act::refuse(409, "UNKNOWN-KEY"), Act::refuse(409, "UNKNOWN-KEY")]);
    assert_eq!(check(&house).await.unwrap_err().code, "COUNTERPARTY-REFUSED");
}

#[tokio::test]
async fn every_failure_has_its_code() {
    let house = House::new().await;
    let unsigned = Act::Sign(BadSignature::Absent, Box::new(Act::Seal(at_once("VERIFIED"))));
    let wait = Act::With("retry-after", "17", Box::new(Act::refuse(429, "TOO-MANY-REQUESTS")));
    for (act, status, code, retry_after) in [
        (Act::refuse(403, "INACTIVE-SENDER"), 502, "COUNTERPARTY-REFUSED", None),
        (unsigned, 502, "COUNTERPARTY-INVALID-ANSWER", None),
        (Act::Seal(at_once("CERTAINLY")), 502, "COUNTERPARTY-INVALID-ANSWER", None),
        (Act::Answer(200, json!({})), 502, "COUNTERPARTY-INVALID-ANSWER", None),
        (Act::refuse(504, "BACKEND-TIMEOUT"), 408, "REQUEST-TIMEOUT", None),
        (Act::refuse(503, "BACKEND-UNAVAILABLE"), 503, "COUNTERPARTY-UNAVAILABLE", Some(5)),
        (Act::Break, 503, "COUNTERPARTY-UNAVAILABLE", Some(5)),
        (wait, 503, "COUNTERPARTY-UNAVAILABLE", Some(17)),
    ] {
        house.peer.will([act]);
        let fault = check(&house).await.unwrap_err();
        assert_eq!((fault.status, &*fault.code, fault.retry_after), (status, code, retry_after));
        assert!(!fault.message.contains("Taylor"), "{fault}");
    }
}

#[tokio::test]
async fn a_peer_that_hangs_is_a_timeout() {
    let settings = vec![("WAYBILL__INGRESS__ACCOUNT_TIMEOUT", "300ms")];
    let house = House::with(Options { settings, ..Options::default() }).await;
    house.peer.will([Act::Hang]);
    assert_eq!(check(&house).await.unwrap_err().code, "REQUEST-TIMEOUT");
}

#[tokio::test]
async fn a_stranger_is_no_counterparty() {
    let house = House::new().await;
    let mut request = request(&house, &beneficiary(ADDRESS));
    request.beneficiary_vasp_id = waybill_domain::VaspId::new(5);
    assert_eq!(house.ctx.bus.ask(&request, LONG).await.unwrap_err().code, "ALLIANCE-NOT-FOUND");
}
