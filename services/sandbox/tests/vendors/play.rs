//! The vendors without limits, on a clock that the test turns, and clients for each of them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use waybill_domain::Timestamp;
use waybill_sandbox::{JournalKeeping, Options, Sandbox, VendorKeys, VendorLimits, Vendors};
use waybill_testkit::{MockClock, TestFolder};

use crate::common::{self, Answer, Fixture};

pub const KYT_KEY: &str = "kyt-key-5d1f";
pub const SANCTION_KEY: &str = "sanction-key-83ab";
pub const WC_KEY: &str = "00000000-0000-4000-8000-000000000001";
pub const WC_SECRET: &str = "sandbox-secret-not-a-real-key";
pub const GROUP: &str = "5nzbfq98nr3g1ekclj7euibjk";
pub const HOST: &str = "127.0.0.1:21300";
pub const START: &str = "2023-05-18T12:39:45.263Z";
pub const SEEDS_ADDRESS: &str = "0xBB3fd383d1c5540e52ef0a7bcb9433375793aeaf";
pub const CLEAN: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";

/// A magic address by its last letters.
pub fn magic(tag: &str) -> String {
    format!("0x5a4db0c5{tag:0>32}")
}

pub struct Play {
    pub fixture: Fixture,
    pub clock: MockClock,
}

impl Play {
    pub fn new() -> Self {
        Self::with(VendorLimits::none())
    }

    pub fn with(limits: VendorLimits) -> Self {
        let folder = TestFolder::new();
        let clock = MockClock::new(START.parse().unwrap());
        let sandbox = open(&folder, &clock, limits, JournalKeeping::Full);
        Self { fixture: Fixture { sandbox, folder }, clock }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.shared().now()
    }

    pub fn wait(&self, millis: u64) {
        self.clock.advance(Duration::from_millis(millis));
    }

    pub async fn switch(&self, vendor: &str, mode: Value) {
        let answer = self.fixture.put(&format!("/vendors/{vendor}/mode"), mode).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub async fn set(&self, vendor: &str, settings: Value) -> Value {
        let answer = self.fixture.put(&format!("/vendors/{vendor}/settings"), settings).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.fixture.send(request).await.unwrap()
    }

    /// A request with KYT's token.
    pub fn kyt_request(method: &Method, path: &str, body: Option<&Value>) -> Request<Body> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/vendors/chainalysis-kyt{path}"))
            .header("host", HOST)
            .header("token", KYT_KEY)
            .header("accept", "application/json");
        match body {
            Some(body) => {
                request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
            }
            None => request.body(Body::empty()).unwrap(),
        }
    }

    pub async fn kyt_get(&self, path: &str) -> Answer {
        self.send(Self::kyt_request(&Method::GET, path, None)).await
    }

    pub async fn kyt_post(&self, path: &str, body: &Value) -> Answer {
        self.send(Self::kyt_request(&Method::POST, path, Some(body))).await
    }

    /// Registers a transfer; its external id.
    pub async fn transfer(&self, address: &str) -> String {
        let answer = self.kyt_post("/v2/users/42/transfers", &transfer(address)).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        answer.json()["externalId"].as_str().unwrap().to_owned()
    }

    /// Registers an attempt; the answer.
    pub async fn attempt(&self, address: &str) -> Answer {
        let answer = self.kyt_post("/v2/users/42/withdrawal-attempts", &attempt(address)).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        answer
    }

    pub async fn sanctions(&self, address: &str) -> Answer {
        self.send(sanction_request(address)).await
    }

    pub async fn wc(&self, method: Method, path: &str, body: &str) -> Answer {
        self.send(Signing::new(self.now(), method, path, body).request()).await
    }

    pub async fn wc_get(&self, path: &str) -> Answer {
        self.wc(Method::GET, path, "").await
    }

    pub async fn wc_post(&self, path: &str, body: &Value) -> Answer {
        self.wc(Method::POST, path, &body.to_string()).await
    }

    /// Makes a case; the vendor's id.
    pub async fn case(&self, name: &str) -> String {
        let answer = self.wc_post("/v2/cases", &new_case(name)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["caseSystemId"].as_str().unwrap().to_owned()
    }

    /// Makes a case and has it screened to the end.
    pub async fn screened(&self, name: &str) -> String {
        let id = self.case(name).await;
        assert_eq!(self.wc(Method::POST, &format!("/v2/cases/{id}/screeningRequest"), "").await.status, 201);
        self.wait(2_000);
        id
    }
}

pub fn open(
    folder: &TestFolder,
    clock: &MockClock,
    limits: VendorLimits,
    journal: JournalKeeping,
) -> Sandbox {
    let vendors = Vendors { limits, ..Vendors::new(keys()) };
    let options = Options { clock: clock.shared(), vendors: Some(vendors), journal, ..common::options() };
    Sandbox::open(folder.path().to_owned(), options).unwrap()
}

pub fn keys() -> VendorKeys {
    VendorKeys {
        kyt_key: KYT_KEY.into(),
        sanction_key: SANCTION_KEY.into(),
        wc_key: WC_KEY.into(),
        wc_secret: WC_SECRET.into(),
        group_id: GROUP.to_owned(),
    }
}

pub fn transfer(address: &str) -> Value {
    json!({
        "network": "Ethereum",
        "asset": "ETH",
        "transferReference": format!("0x{}:{address}", "ab".repeat(32)),
        "direction": "sent",
    })
}

pub fn attempt(address: &str) -> Value {
    json!({
        "network": "Ethereum",
        "asset": "ETH",
        "address": address,
        "attemptIdentifier": "f7231c6f-f1e7-4ae7-b143-2c87cd38abe9",
        "assetAmount": "1",
        "attemptTimestamp": "2023-05-18T12:39:44.000Z",
    })
}

pub fn new_case(name: &str) -> Value {
    json!({
        "groupId": GROUP,
        "entityType": "INDIVIDUAL",
        "providerTypes": ["WATCHLIST"],
        "name": name,
        "secondaryFields": [],
        "customFields": [],
    })
}

pub fn sanction_request(address: &str) -> Request<Body> {
    let request = Request::get(format!("/vendors/chainalysis-sanction/api/v1/address/{address}"));
    let request = request.header("host", HOST).header("x-api-key", SANCTION_KEY);
    request.header("accept", "application/json").body(Body::empty()).unwrap()
}

/// A request to World-Check One before it is signed. Every part can be spoilt.
pub struct Signing {
    pub method: Method,
    pub path: String,
    pub date: String,
    pub key: String,
    pub secret: String,
    pub body: String,
    pub sent_body: String,
    pub content_type: String,
    pub content_length: usize,
    pub signs_content: bool,
    pub signs_query: bool,
}

impl Signing {
    pub fn new(at: Timestamp, method: Method, path: &str, body: &str) -> Self {
        Self {
            method,
            path: format!("/vendors/refinitiv{path}"),
            date: at.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            key: WC_KEY.to_owned(),
            secret: WC_SECRET.to_owned(),
            body: body.to_owned(),
            sent_body: body.to_owned(),
            content_type: "application/json".to_owned(),
            content_length: body.len(),
            signs_content: !body.is_empty(),
            signs_query: false,
        }
    }

    pub fn request(&self) -> Request<Body> {
        let path = if self.signs_query { &self.path } else { self.path.split('?').next().unwrap() };
        let method = self.method.as_str().to_lowercase();
        let mut text = format!("(request-target): {method} {path}\nhost: 127.0.0.1\ndate: {}", self.date);
        let mut headers = "(request-target) host date".to_owned();
        if self.signs_content {
            let (content_type, length, body) = (&self.content_type, self.content_length, &self.body);
            text += &format!("\ncontent-type: {content_type}\ncontent-length: {length}\n{body}");
            headers += " content-type content-length";
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        let key = &self.key;
        let authorization = format!(
            r#"Signature keyId="{key}",algorithm="hmac-sha256",headers="{headers}",signature="{signature}""#
        );
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header("host", HOST)
            .header("date", &self.date)
            .header("authorization", authorization);
        if self.signs_content {
            request = request
                .header("content-type", &self.content_type)
                .header("content-length", self.content_length);
        }
        request.body(Body::from(self.sent_body.clone())).unwrap()
    }
}
