//! A sandbox in a folder of its own, called without a network.
#![expect(dead_code, reason = "each test file uses a part of this")]

use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use waybill_sandbox::{JournalKeeping, Options, Sandbox, Token};
use waybill_testkit::{MockClock, TestFolder};

pub const OURS: &str = "15952089931162059995";
pub const ROBOT: &str = "27372039731940770";
pub const TAYLORS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
pub const OUR_TOKEN: &str = "Bearer our-secret-7f3a";
pub const ROBOT_TOKEN: &str = "Bearer robot-secret-91cc";
pub const NOW: &str = "2022-03-03T21:52:08.092Z";

pub fn options() -> Options {
    let token = |text: &str| Token::bearer(text.trim_start_matches("Bearer ").into());
    Options::new(MockClock::new(NOW.parse().unwrap()).shared(), token(OUR_TOKEN), token(ROBOT_TOKEN))
}

pub struct Fixture {
    pub sandbox: Sandbox,
    pub folder: TestFolder,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Fixture {
    pub fn new() -> Self {
        Self::with(JournalKeeping::Full)
    }

    pub fn with(journal: JournalKeeping) -> Self {
        let folder = TestFolder::new();
        let sandbox = open(folder.path(), journal);
        Self { sandbox, folder }
    }

    /// Any request; the error is a connection closed without a whole answer.
    pub async fn send(&self, request: Request<Body>) -> Result<Answer, axum::Error> {
        let (parts, body) = self.sandbox.router().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await?.to_bytes().to_vec();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(request(Method::PUT, path, "", body.to_string())).await.unwrap()
    }

    /// What a node does: posts JSON with the token of its VASP.
    pub async fn try_post(&self, vasp: &str, endpoint: &str, body: &Value) -> Result<Answer, axum::Error> {
        let token = if vasp == OURS { OUR_TOKEN } else { ROBOT_TOKEN };
        let path = format!("/vasps/{vasp}/{endpoint}");
        self.send(request(Method::POST, &path, token, body.to_string())).await
    }

    pub async fn post(&self, vasp: &str, endpoint: &str, body: &Value) -> Answer {
        self.try_post(vasp, endpoint, body).await.unwrap()
    }

    pub async fn journal(&self, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("/journal?{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json().as_array().unwrap().clone()
    }
}

pub fn open(folder: &Path, journal: JournalKeeping) -> Sandbox {
    Sandbox::open(folder.to_owned(), Options { journal, ..options() }).unwrap()
}

pub fn request(method: Method, path: &str, token: &str, body: String) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = if token.is_empty() { request } else { request.header("authorization", token) };
    request.body(Body::from(body)).unwrap()
}

pub fn natural(primary: &str, secondary: &str) -> Value {
    json!({"naturalPerson": {"name": {"nameIdentifier": [{
        "primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL"}]}}})
}

pub fn legal(name: &str) -> Value {
    json!({"legalPerson": {"name": {"nameIdentifier": [{
        "legalPersonName": name, "legalPersonNameIdentifierType": "LEGL"}]}}})
}

/// What the node makes of the account seed's second example.
pub fn account_request() -> Value {
    json!({
        "originatingVaspId": OURS, "symbol": "ETH", "network": "Ethereum", "version": "1.0",
        "ivms101": {"beneficiary": {
            "beneficiaryPersons": [natural("Taylor", "Robbins")], "accountNumber": [TAYLORS]}},
    })
}

/// A user verification that goes well.
pub fn verification_request() -> Value {
    let mut originator = natural("Alex", "Doe");
    originator["naturalPerson"]["dateAndPlaceOfBirth"] =
        json!({"dateOfBirth": "1984-09-30", "placeOfBirth": "Leeds"});
    json!({
        "verificationUuid": "0e5c3a52-6c0e-4b8a-9a55-3f3a9d1c2b10",
        "originatingVaspId": OURS,
        "assetInfo": {
            "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
            "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": NOW,
        },
        "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
        "version": "1.0",
        "ivms101": {
            "originator": {"originatorPersons": [originator], "accountNumber": ["0xce9c"]},
            "beneficiary": {
                "beneficiaryPersons": [natural("Taylor", "Robbins")], "accountNumber": [TAYLORS]},
        },
    })
}

pub fn callback() -> Value {
    json!({"callbackType": "TX_REPORT", "data": {
        "verificationUuid": "0e5c3a52-6c0e-4b8a-9a55-3f3a9d1c2b10", "txHash": "0xabc"}})
}

/// Puts JSON at a dotted path of a request.
pub fn set(body: &mut Value, path: &str, value: Value) {
    let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = parents.split('.').filter(|key| !key.is_empty()).fold(body, |value, key| &mut value[key]);
    parent[last] = value;
}
