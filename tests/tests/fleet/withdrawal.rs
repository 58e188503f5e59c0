//! One withdrawal, as a backend does it that takes its callbacks seriously.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use waybill_domain::Entropy as _;
use waybill_testkit::SeededEntropy;
use waybill_tests::fleet::Callbacks;
use waybill_tests::{Client, OUR_ID, ROBOT_ID, edit, person, to_us, unique, unique_hash, verification};

use crate::ledger::Ledger;

/// Names that are nowhere else: they must not be found where they don't belong.
pub const PLANTED: [&str; 2] = ["Quillfeather", "Zebulonius"];
/// Between two tries of a request.
const PAUSE: Duration = Duration::from_millis(250);

/// What must be found on both sides in the end.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    pub uuid: String,
    /// None when it was given up.
    pub tx_hash: Option<String>,
    /// Whether we are both sides.
    pub to_ourselves: bool,
}

impl Withdrawal {
    /// The other side.
    pub fn beneficiary(&self) -> &'static str {
        if self.to_ourselves { OUR_ID } else { ROBOT_ID }
    }

    /// The callback that tells the other side how it ended.
    pub fn report(&self) -> &'static str {
        if self.tx_hash.is_some() { "TX_REPORT" } else { "ERROR_REPORT" }
    }
}

/// What a withdrawal needs to know of the world.
#[derive(Debug, Clone)]
pub struct Customer {
    pub apis: Vec<Client>,
    pub callbacks: Callbacks,
    pub ledger: Ledger,
    pub chance: SeededEntropy,
}

impl Customer {
    /// From the first request to the report that arrived at the other side.
    pub async fn withdraw(self, number: usize) {
        let begun = self.ledger.begin();
        let to_ourselves = number % 5 == 3;
        let accepted = self.accepted("/v1/verifications", &request(number, to_ourselves)).await;
        let uuid = accepted["verificationUuid"].as_str().expect("a uuid").to_owned();
        self.ledger.accepted(begun);
        let told = self.callbacks.first(OUR_ID, &uuid, "VERIFICATION_RESULT").await;
        assert_eq!(told["verificationResult"], "VERIFIED", "{told}");
        let tx_hash = (number % 5 != 4).then(unique_hash);
        let (path, report) = match &tx_hash {
            Some(hash) => ("tx", json!({"verificationUuid": uuid, "txHash": hash})),
            None => {
                ("error", json!({"verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED"}))
            }
        };
        self.accepted(&format!("/v1/verifications/{path}"), &report).await;
        let withdrawal = Withdrawal { uuid, tx_hash, to_ourselves };
        self.callbacks.first(withdrawal.beneficiary(), &withdrawal.uuid, withdrawal.report()).await;
        self.ledger.ended(begun, withdrawal);
    }

    /// Sends a request again and again, as the same request, until it is accepted.
    async fn accepted(&self, path: &str, request: &Value) -> Value {
        let key = unique("key");
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        let (body, begun) = (Bytes::from(request.to_string()), Instant::now());
        loop {
            let api = self.apis[self.chance.below(self.apis.len() as u64) as usize];
            match api.try_send(Method::POST, path, &headers, body.clone()).await {
                Ok(answer) if answer.status == StatusCode::OK => return answer.json(),
                Ok(answer) => {
                    let told =
                        format!("{} {}", answer.status.as_u16(), String::from_utf8_lossy(&answer.body));
                    self.ledger.refused(told, is_polite(answer.status, &answer.headers));
                }
                Err(_) => self.ledger.unreachable(),
            }
            assert!(begun.elapsed() < 2 * crate::PATIENCE, "{path} was not accepted for too long");
            sleep(PAUSE).await;
        }
    }
}

/// A refusal that a backend can act on: come again, and when.
fn is_polite(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::SERVICE_UNAVAILABLE && headers.contains_key("retry-after")
}

fn request(number: usize, to_ourselves: bool) -> Value {
    let key_type = ["PerVasp", "PerAddress", "PerVerification"][number % 3];
    let request = edit(if to_ourselves { to_us() } else { verification() }, "keyType", json!(key_type));
    let originator = json!([person(PLANTED[0], PLANTED[1], Some("1931-07-23"))]);
    edit(request, "payload.ivms101.originator.originatorPersons", originator)
}
