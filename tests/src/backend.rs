//! The backend of one VASP, played by the sandbox: what it was sent, and how it is to behave.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_testkit::eventually;

use crate::SOON;
use crate::client::Client;

/// Entries that the sandbox gives at once.
const PAGE: usize = 10_000;

/// One VASP's backend.
#[derive(Debug, Clone, Copy)]
pub struct Backend {
    sandbox: Client,
    vasp_id: &'static str,
}

impl Backend {
    pub(crate) fn new(sandbox: Client, vasp_id: &'static str) -> Self {
        Self { sandbox, vasp_id }
    }

    /// Everything that one endpoint was sent since `after`, oldest first, and the number to continue after.
    pub async fn journal_after(&self, endpoint: &str, after: u64) -> (Vec<Value>, u64) {
        let path = format!("/journal?vasp={}&path={endpoint}&after={after}&limit={PAGE}", self.vasp_id);
        let answer = self.sandbox.get(&path).await;
        let last = answer.headers["journal-last"].to_str().ok().and_then(|last| last.parse().ok());
        let entries: Vec<Value> = serde_json::from_value(answer.ok()).expect("the journal is an array");
        (entries, last.expect("the journal tells its last number"))
    }

    /// Everything that one endpoint was sent, oldest first.
    pub async fn journal(&self, endpoint: &str) -> Vec<Value> {
        let (mut entries, mut after) = (Vec::new(), 0);
        loop {
            let (page, last) = self.journal_after(endpoint, after).await;
            if page.is_empty() {
                return entries;
            }
            entries.extend(page);
            after = last;
        }
    }

    /// The bodies that one endpoint was sent about a verification, oldest first.
    pub async fn bodies(&self, endpoint: &str, uuid: &str) -> Vec<Value> {
        let about =
            |body: &Value| body["verificationUuid"] == uuid || body["data"]["verificationUuid"] == uuid;
        let mut entries = self.journal(endpoint).await;
        entries.retain(|entry| about(&entry["body"]));
        entries.into_iter().map(|mut entry| entry["body"].take()).collect()
    }

    /// The first body that one endpoint was sent about a verification, as soon as there is one.
    pub async fn body(&self, endpoint: &str, uuid: &str) -> Value {
        let what = format!("a {endpoint} at {} about {uuid}", self.vasp_id);
        eventually(&what, SOON, async || self.bodies(endpoint, uuid).await.into_iter().next()).await
    }

    /// The callbacks about a verification that have arrived: type and data.
    pub async fn callbacks(&self, uuid: &str) -> Vec<(String, Value)> {
        let bodies = self.bodies("callback", uuid).await;
        let named = |mut body: Value| {
            let kind = body["callbackType"].as_str().expect("a callback has a type").to_owned();
            (kind, body["data"].take())
        };
        bodies.into_iter().map(named).collect()
    }

    /// The data of one callback about a verification, as soon as it has arrived.
    pub async fn callback(&self, uuid: &str, kind: &str) -> Value {
        self.callback_within(uuid, kind, SOON).await
    }

    /// As [`Backend::callback`], with a deadline.
    pub async fn callback_within(&self, uuid: &str, kind: &str, deadline: Duration) -> Value {
        let what = format!("the callback {kind} at {} about {uuid}", self.vasp_id);
        eventually(&what, deadline, async || {
            self.callbacks(uuid).await.into_iter().find(|(found, _)| found == kind).map(|(_, data)| data)
        })
        .await
    }

    /// The data of the callback about one risk assessment, as soon as it has arrived.
    pub async fn assessment(&self, uuid: &str, request_id: &str) -> Value {
        let what = format!("the risk assessment {request_id} at {}", self.vasp_id);
        let is_it = |data: &Value| {
            let assessments = data["riskAssessment"].as_object();
            assessments.is_some_and(|them| them.values().any(|one| one["requestId"] == request_id))
        };
        eventually(&what, SOON, async || {
            self.callbacks(uuid).await.into_iter().map(|(_, data)| data).find(is_it)
        })
        .await
    }

    /// Makes it misbehave, or behave again.
    pub async fn switch(&self, mode: &Value) {
        self.sandbox.put(&format!("/vasps/{}/mode", self.vasp_id), mode).await.ok();
    }

    /// Makes every endpoint behave again.
    pub async fn behave(&self) {
        self.switch(&json!({"mode": "normal"})).await;
    }

    /// Says how far the transfer of one verification is.
    pub async fn set_transaction(&self, uuid: &str, state: &Value) {
        let path = format!("/vasps/{}/transactions/{uuid}", self.vasp_id);
        self.sandbox.put(&path, state).await.ok();
    }
}
