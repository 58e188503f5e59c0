//! What arrives, byte for byte and header for header.

use serde_json::json;
use waybill_crypto::WebhookSecrets;
use waybill_domain::{Clock as _, Event, ReportedError};
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::commands::CommandStatus;
use waybill_store::tables::verifications::Change;
use waybill_testkit::TestFolder;

use crate::backend::Backend;
use crate::support::{ONE, Options, TWO, callback, house, ivms101, verification};

#[tokio::test]
async fn a_result_carries_everybody() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
    house.until_delivered(id).await;
    let arrived = backend.arrived().remove(0);
    assert_eq!((arrived.method.as_str(), arrived.path.as_str()), ("POST", "/callback"));
    let expected = json!({
        "callbackType": "VERIFICATION_RESULT",
        "data": {
            "verificationUuid": verification(1), "verificationResult": "VERIFIED", "reason": "OK",
            "message": "WELCOME-MESSAGE", "ivms101": ivms101(),
        },
    });
    assert_eq!(arrived.json().to_string(), expected.to_string(), "the order of fields too");
}

#[tokio::test]
async fn a_result_says_what_held_when_it_came_up() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    let change = Change {
        reason: Some("USER-CANCELED".to_owned()),
        message_sealed: Some(house.message(1, "LATER-MESSAGE")),
        ..Change::default()
    };
    house.change(house.new_verification(1), Event::ErrorReported(ReportedError::Error), change).await;
    let snapshot = DeliverCallback {
        result: Some("VERIFIED".to_owned()),
        reason: Some("OK".to_owned()),
        ..callback(CallbackType::VerificationResult, 1)
    };
    let first = house.deliver(&snapshot).await;
    house.until_delivered(first).await;
    let second = house.deliver(&callback(CallbackType::ErrorReport, 1)).await;
    house.until_delivered(second).await;
    let arrived = backend.arrived();
    let data = &arrived[0].json()["data"];
    assert_eq!((&data["verificationResult"], &data["reason"]), (&json!("VERIFIED"), &json!("OK")));
    assert!(data.get("message").is_none(), "the message belongs to the later event");
    let expected = json!({
        "callbackType": "ERROR_REPORT",
        "data": {"verificationUuid": verification(1), "result": "ERROR", "reason": "USER-CANCELED", "message": "LATER-MESSAGE"},
    });
    assert_eq!(arrived[1].json(), expected);
}

#[tokio::test]
async fn a_transaction_is_reported_with_its_output() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    house.report_transaction(1).await;
    let id = house.deliver(&callback(CallbackType::TxReport, 1)).await;
    house.until_delivered(id).await;
    let expected = json!({
        "callbackType": "TX_REPORT",
        "data": {"verificationUuid": verification(1), "txHash": "0xABC", "vout": "1"},
    });
    assert_eq!(backend.arrived()[0].json(), expected);
}

#[tokio::test]
async fn it_is_signed_with_each_secret_and_carries_the_token_and_the_trace() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let command = house.bus.command(&callback(CallbackType::VerificationResult, 1));
    house.add(command.traced(Some(trace.to_owned()))).await;
    let arrived = backend.wait_for(1).await.remove(0);
    assert_eq!(arrived.header("content-type"), "application/json");
    assert_eq!(arrived.header("authorization"), "Bearer t0ken");
    assert_eq!(arrived.header("webhook-id"), "msg_1_VERIFICATION_RESULT");
    let timestamp: i64 = arrived.header("webhook-timestamp").parse().unwrap();
    assert_eq!(timestamp, house.clock.now().timestamp());
    let signatures: Vec<&str> = arrived.header("webhook-signature").split(' ').collect();
    let expected = [ONE, TWO].map(|secret| {
        let secret = WebhookSecrets::parse(&[secret]).unwrap();
        secret.sign(arrived.header("webhook-id"), timestamp, &arrived.body)
    });
    assert_eq!(signatures, expected);
    assert_eq!(arrived.header("traceparent")[..36], trace[..36], "the same trace");
    assert_ne!(arrived.header("traceparent"), trace, "its next step");
}

#[tokio::test]
async fn what_can_never_be_rendered_is_given_up_at_once() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    for (callback, why) in [
        (callback(CallbackType::TxReport, 1), "the verification has no transaction"),
        (callback(CallbackType::TxReport, 2), "the verification is gone"),
        (
            DeliverCallback {
                webhook_id: "a\nb".to_owned(),
                ..callback(CallbackType::VerificationResult, 1)
            },
            "the webhook id cannot stand in a header",
        ),
    ] {
        let id = house.deliver_holding(&callback, std::time::Duration::ZERO).await;
        let dead = house.until(id, CommandStatus::Error).await;
        assert_eq!((dead.last_error.as_deref(), dead.attempts), (Some(why), 0));
    }
    assert!(backend.arrived().is_empty());
}
