use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_domain::{codes, parse_time};

use super::*;
use crate::testing::{Api, DIRECTORY_LIFE, INACTIVE, ROBOT, STRANGER, person};

const PATH: &str = "/v1/verifications/account";

fn question() -> Value {
    json!({
        "keyType": "PerVasp", "beneficiaryVaspId": ROBOT, "symbol": "ETH", "network": "Ethereum",
        "payload": { "version": "1.0", "ivms101": { "beneficiary": {
            "accountNumber": ["0x5811001506550d8356a215be229c15b6ef371a9b"]
        } } }
    })
}

/// Answers once, and keeps what it was asked.
struct Counterparty {
    says: Mutex<Option<Result<AccountAnswer, Fault>>>,
    message: Option<&'static str>,
    asked: Arc<Mutex<Vec<CheckAccount>>>,
    ctx: waybill_context::SharedContext,
}

#[async_trait]
impl RequestHandler<CheckAccount> for Counterparty {
    async fn answer(&self, request: CheckAccount) -> Result<AccountAnswer, Fault> {
        let seal = |text: &str| self.ctx.vault.seal_request(CheckAccount::KIND, &request.request_id, text);
        let message_sealed = self.message.map(seal);
        self.asked.lock().unwrap().push(request);
        let says = self.says.lock().unwrap().take();
        match says {
            Some(says) => says.map(|answer| AccountAnswer { message_sealed, ..answer }),
            None => std::future::pending().await,
        }
    }
}

fn counterparty_says(
    api: &Api,
    says: Result<(AccountVerificationResult, Option<&str>), Fault>,
    message: Option<&'static str>,
) -> Arc<Mutex<Vec<CheckAccount>>> {
    let asked = Arc::<Mutex<Vec<CheckAccount>>>::default();
    let answer = says.map(|(result, reason)| AccountAnswer {
        account_verification_result: result,
        reason: reason.map(str::to_owned),
        message_sealed: None,
        verified_at: parse_time("2022-03-03T21:52:08.092Z").unwrap(),
    });
    let handler = Counterparty {
        says: Mutex::new(Some(answer)),
        message,
        asked: Arc::clone(&asked),
        ctx: Arc::clone(&api.ctx),
    };
    api.ctx.bus.serve(handler, 4);
    asked
}

#[tokio::test]
async fn a_confirmation_has_neither_reason_nor_message() {
    let api = Api::start().await;
    let asked = counterparty_says(&api, Ok((AccountVerificationResult::Verified, None)), None);
    let answer = api.post(PATH, &question()).await;
    let expected = r#"{"accountVerificationResult":"VERIFIED","verifiedAt":"2022-03-03T21:52:08.092Z"}"#;
    assert_eq!((answer.status, answer.text()), (200, expected));
    let asked = asked.lock().unwrap().remove(0);
    assert_eq!((asked.symbol.as_str(), asked.network.as_deref()), ("ETH", Some("Ethereum")));
    assert_eq!(asked.beneficiary_vasp_id.to_string(), ROBOT);
    assert!(!asked.payload_sealed.contains("0x5811"));
}

#[tokio::test]
async fn a_denial_is_an_answer_too() {
    let api = Api::start().await;
    let denied = Ok((AccountVerificationResult::Denied, Some("UNKNOWN-NETWORK")));
    counterparty_says(&api, denied, Some("'network' is necessary"));
    let answer = api.post(PATH, &question()).await;
    assert_eq!(
        (answer.status, answer.json()),
        (
            200,
            json!({
                "accountVerificationResult": "DENIED", "reason": "UNKNOWN-NETWORK",
                "message": "'network' is necessary", "verifiedAt": "2022-03-03T21:52:08.092Z"
            })
        )
    );
}

#[tokio::test]
async fn names_pass_and_nothing_else_of_a_person() {
    let api = Api::start().await;
    let asked = counterparty_says(&api, Ok((AccountVerificationResult::Verified, None)), None);
    let mut body = question();
    let beneficiary = &mut body["payload"]["ivms101"]["beneficiary"];
    beneficiary["beneficiaryPersons"] = json!([
        { "legalPerson": { "name": { "nameIdentifier": [
            { "legalPersonName": "A Company", "legalPersonNameIdentifierType": "LEGL" }
        ] } } },
        person("Taylor", "Robbins"),
    ]);
    let names_only = body["payload"].clone();
    body["payload"]["ivms101"]["beneficiary"]["beneficiaryPersons"][1]["naturalPerson"]["dateAndPlaceOfBirth"] =
        json!({"dateOfBirth": "1984-05-17", "placeOfBirth": "Seoul"});
    assert_eq!(api.post(PATH, &body).await.status, 200);
    let asked = asked.lock().unwrap().remove(0);
    let opened =
        api.ctx.vault.open_request(CheckAccount::KIND, &asked.request_id, &asked.payload_sealed).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&opened).unwrap(), names_only);
}

#[tokio::test]
async fn an_older_key_type_and_an_absent_network_are_read() {
    let api = Api::start().await;
    for network in [Value::Null, json!("")] {
        let asked = counterparty_says(&api, Ok((AccountVerificationResult::Verified, None)), None);
        let mut body = question();
        body["keyType"] = "PerEoa".into();
        body["network"] = network;
        assert_eq!(api.post(PATH, &body).await.status, 200);
        let asked = asked.lock().unwrap().remove(0);
        assert_eq!((asked.key_type, asked.network), (KeyType::PerAddress, None));
    }
}

#[tokio::test]
async fn refusals_of_the_counterparty_are_passed_on() {
    let api = Api::start().await;
    api.post(PATH, &question()).await.refuses(503, "SERVICE-UNAVAILABLE");
    for (fault, status, code) in [
        (codes::counterparty_unavailable().retry_after(3), 503, "COUNTERPARTY-UNAVAILABLE"),
        (codes::counterparty_refused(), 502, "COUNTERPARTY-REFUSED"),
        (codes::counterparty_invalid_answer(), 502, "COUNTERPARTY-INVALID-ANSWER"),
    ] {
        let retry_after = fault.retry_after.map(|seconds| seconds.to_string());
        counterparty_says(&api, Err(fault), None);
        let answer = api.post(PATH, &question()).await;
        answer.refuses(status, code);
        assert_eq!(answer.header("retry-after"), retry_after.as_deref());
    }
}

#[tokio::test]
async fn a_counterparty_that_hangs_is_given_up() {
    let api = Api::with(|settings| settings.ingress.account_timeout = Duration::from_millis(20)).await;
    let hangs = Counterparty {
        says: Mutex::default(),
        message: None,
        asked: Arc::default(),
        ctx: Arc::clone(&api.ctx),
    };
    api.ctx.bus.serve(hangs, 1);
    api.post(PATH, &question()).await.refuses(408, "REQUEST-TIMEOUT");
}

#[tokio::test]
async fn the_counterparty_must_be_an_active_member_of_a_current_directory() {
    let api = Api::start().await;
    let with_id = |id: &str| {
        let mut body = question();
        body["beneficiaryVaspId"] = id.into();
        body
    };
    api.post(PATH, &with_id(STRANGER)).await.refuses(400, "ALLIANCE-NOT-FOUND");
    api.post(PATH, &with_id(INACTIVE)).await.refuses(400, "ALLIANCE-NOT-ACTIVE");
    api.clock.advance(DIRECTORY_LIFE);
    api.post(PATH, &question()).await.refuses(503, "DIRECTORY-EXPIRED");
}

#[tokio::test]
async fn every_field_is_checked() {
    let api = Api::start().await;
    let long = |length: usize| json!("a".repeat(length));
    for (pointer, value, code) in [
        ("/keyType", Value::Null, "MISSING-KEY-TYPE"),
        ("/keyType", json!("PerMoon"), "INVALID-KEY-TYPE"),
        ("/beneficiaryVaspId", Value::Null, "MISSING-VASP"),
        ("/beneficiaryVaspId", json!(1), "INVALID-VASP"),
        ("/symbol", Value::Null, "MISSING-SYMBOL"),
        ("/symbol", long(17), "INVALID-SYMBOL"),
        ("/symbol", json!(1), "INVALID-SYMBOL"),
        ("/network", long(129), "INVALID-NETWORK"),
        ("/network", json!(1), "INVALID-NETWORK"),
        ("/payload", Value::Null, "MISSING-PAYLOAD"),
        ("/payload", json!([]), "INVALID-PAYLOAD"),
        ("/payload/version", Value::Null, "MISSING-VERSION"),
        ("/payload/version", json!(1), "INVALID-VERSION"),
        ("/payload/ivms101", Value::Null, "MISSING-IVMS101"),
        ("/payload/ivms101", json!(1), "INVALID-IVMS101"),
        ("/payload/ivms101/beneficiary", Value::Null, "MISSING-BENEFICIARY"),
        ("/payload/ivms101/beneficiary", json!(1), "INVALID-BENEFICIARY"),
        ("/payload/ivms101/beneficiary/accountNumber", Value::Null, "MISSING-ACCOUNT-NUMBER"),
        ("/payload/ivms101/beneficiary/accountNumber", json!([]), "MISSING-ACCOUNT-NUMBER"),
        ("/payload/ivms101/beneficiary/accountNumber", json!(["a", "b"]), "INVALID-ACCOUNT-NUMBER"),
        ("/payload/ivms101/beneficiary/accountNumber", json!([1]), "INVALID-ACCOUNT-NUMBER"),
    ] {
        let mut body = question();
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = api.post(PATH, &body).await;
        answer.refuses(400, code);
        let path = format!("`{}", pointer[1..].replace('/', "."));
        assert!(answer.json()["message"].as_str().unwrap().starts_with(&path), "{}", answer.text());
    }
    api.post(PATH, &json!({})).await.refuses(400, "MISSING-KEY-TYPE");
    let mut nameless = question();
    nameless["payload"]["ivms101"]["beneficiary"]["beneficiaryPersons"] = json!([{"naturalPerson": {}}]);
    api.post(PATH, &nameless).await.refuses(400, "MISSING-NAME");
}

#[tokio::test]
async fn what_is_refused_says_what_the_interface_says() {
    let api = Api::start().await;
    let mut body = question();
    body.as_object_mut().unwrap().remove("beneficiaryVaspId");
    assert_eq!(
        api.post(PATH, &body).await.text(),
        r#"{"code":"MISSING-VASP","message":"`beneficiaryVaspId` is required."}"#
    );
    let mut body = question();
    body["keyType"] = "PerMoon".into();
    assert_eq!(
        api.post(PATH, &body).await.text(),
        r#"{"code":"INVALID-KEY-TYPE","message":"`keyType` is invalid value."}"#
    );
}
