//! One of the two VASPs, as a test sees it.

use serde_json::{Value, json};
use waybill_testkit::eventually;

use crate::SOON;
use crate::backend::Backend;
use crate::client::{Answer, Client};

/// Our VASP.
pub const OUR_ID: &str = "15952089931162059995";
/// The robot VASP.
pub const ROBOT_ID: &str = "27372039731940770";

/// The ports of one VASP and its backend.
#[derive(Debug, Clone, Copy)]
pub struct Party {
    pub vasp_id: &'static str,
    /// The private API.
    pub api: Client,
    /// The public listener.
    pub listener: Client,
    /// Its own backend.
    pub backend: Backend,
}

/// A verification as the API shows it.
pub type VerificationRecord = Value;

impl Party {
    /// Both VASPs behind one block of ports: ours, the robot.
    pub(crate) fn both(base: u16) -> [Self; 2] {
        let sandbox = Client::new(base + 300);
        let party = |vasp_id, offset| Self {
            vasp_id,
            api: Client::new(base + offset),
            listener: Client::new(base + offset + 1),
            backend: Backend::new(sandbox, vasp_id),
        };
        [party(OUR_ID, 117), party(ROBOT_ID, 217)]
    }

    pub async fn check_account(&self, request: &Value) -> Answer {
        self.api.post("/v1/verifications/account", request).await
    }

    /// Asks for a verification that must be accepted; gives its uuid.
    pub async fn verify(&self, request: &Value) -> String {
        let accepted = self.api.post("/v1/verifications", request).await.ok();
        accepted["verificationUuid"].as_str().expect("an accepted verification has a uuid").to_owned()
    }

    /// As [`Party::verify`], and waits until it has this result.
    pub async fn verify_until(&self, request: &Value, result: &str) -> String {
        let uuid = self.verify(request).await;
        self.until(&uuid, result).await;
        uuid
    }

    /// The record of a verification that must be there.
    pub async fn record(&self, uuid: &str) -> VerificationRecord {
        self.api.get(&format!("/v1/verifications/{uuid}")).await.ok()
    }

    /// The record as soon as it is there and has this result.
    pub async fn until(&self, uuid: &str, result: &str) -> VerificationRecord {
        let what = format!("{uuid} is {result} at {}", self.vasp_id);
        eventually(&what, SOON, async || {
            let answer = self.api.get(&format!("/v1/verifications/{uuid}")).await;
            Some(answer)
                .filter(|answer| answer.status == 200)
                .map(|answer| answer.json())
                .filter(|record| record["result"] == result)
        })
        .await
    }

    pub async fn report_transaction(&self, uuid: &str, tx_hash: &str, vout: Option<&str>) -> Answer {
        let mut report = json!({"verificationUuid": uuid, "txHash": tx_hash});
        if let Some(vout) = vout {
            report["vout"] = json!(vout);
        }
        self.api.post("/v1/verifications/tx", &report).await
    }

    pub async fn report_error(&self, uuid: &str, result: &str, reason: &str) -> Answer {
        let report = json!({"verificationUuid": uuid, "result": result, "reason": reason});
        self.api.post("/v1/verifications/error", &report).await
    }

    /// Asks a screening vendor about the counterparty of a verification.
    pub async fn screen(&self, vendor: &str, uuid: &str) -> Answer {
        self.api.post(&format!("/v1/risk-assessment/{vendor}"), &json!({"verificationUuid": uuid})).await
    }

    /// As [`Party::screen`], which must be accepted; gives the request id.
    pub async fn request_id(&self, vendor: &str, uuid: &str) -> String {
        let accepted = self.screen(vendor, uuid).await.ok();
        accepted["requestId"].as_str().expect("a risk assessment has a request id").to_owned()
    }

    pub async fn inquire(&self, uuid: &str) -> Answer {
        self.api.post("/v1/verifications/tx/inquiry", &json!({"verificationUuid": uuid})).await
    }

    /// The records that match a query such as `txHash=…`, at most 100, with their number in all.
    pub async fn list(&self, query: &str) -> (u64, Vec<VerificationRecord>) {
        let mut page = self.api.get(&format!("/v1/verifications?rpp=100&{query}")).await.ok();
        let count = page["count"].as_u64().expect("the list has a count");
        (count, serde_json::from_value(page["verifications"].take()).expect("the list is an array"))
    }

    /// Everything that callers can see of it, and all that its backend was ever sent.
    pub async fn everything(&self) -> Value {
        let records = self.list("").await;
        let mut journal = Vec::new();
        for endpoint in ["account", "verification", "transaction", "callback"] {
            journal.push(self.backend.journal(endpoint).await);
        }
        json!({"records": records, "journal": journal})
    }
}
