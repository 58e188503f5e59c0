//! Withdrawals that are seen through whatever happens to the nodes meanwhile, as a backend would.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use waybill_testkit::eventually;
use waybill_tests::{Party, edit, to_us, unique, unique_hash, verification};

/// As long as a node may be away, and what it does after its return.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How a withdrawal was ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Transaction(String),
    GivenUp,
}

/// A withdrawal whose reports were accepted.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    pub uuid: String,
    pub end: End,
    /// Whether we are both sides.
    pub to_ourselves: bool,
}

/// One withdrawal, of one of five sorts.
pub async fn one(ours: Party, number: usize) -> Withdrawal {
    let to_ourselves = number % 5 == 3;
    let key_type = ["PerVasp", "PerAddress", "PerVerification"][number % 3];
    let request = edit(if to_ourselves { to_us() } else { verification() }, "keyType", json!(key_type));
    let accepted = accepted(ours, "/v1/verifications", &request).await;
    let uuid = accepted["verificationUuid"].as_str().expect("a uuid").to_owned();
    verified(ours, &uuid).await;
    let end = if number % 5 == 4 { End::GivenUp } else { End::Transaction(unique_hash()) };
    let (path, report) = match &end {
        End::Transaction(hash) => ("tx", json!({"verificationUuid": uuid, "txHash": hash})),
        End::GivenUp => {
            ("error", json!({"verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED"}))
        }
    };
    self::accepted(ours, &format!("/v1/verifications/{path}"), &report).await;
    Withdrawal { uuid, end, to_ourselves }
}

/// Sends a request again and again, as the same request, until it is accepted.
async fn accepted(ours: Party, path: &str, request: &Value) -> Value {
    let key = unique("key");
    let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
    eventually(&format!("{path} is accepted"), PATIENCE, async || {
        let sent = ours.api.try_send(Method::POST, path, &headers, request.to_string()).await;
        let answer = sent.ok()?; // the node is away
        assert!(answer.status == 200 || answer.status.is_server_error(), "{answer:?}");
        (answer.status == 200).then(|| answer.json())
    })
    .await
}

async fn verified(ours: Party, uuid: &str) {
    let path = format!("/v1/verifications/{uuid}");
    eventually(&format!("{uuid} is verified"), PATIENCE, async || {
        let answer = ours.api.try_get(&path).await.ok()?;
        assert!(answer.status == 200 || answer.status.is_server_error(), "{answer:?}");
        let result = answer.json()["result"].take();
        assert!(answer.status != 200 || result == "WAIT" || result == "VERIFIED", "{answer:?}");
        (result == "VERIFIED").then_some(())
    })
    .await;
}
