//! World-Check One on the loopback: strict about signatures, and as faulty as a test wants it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{NaiveDateTime, TimeDelta};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use waybill_domain::{Clock as _, Timestamp, format_time};
use waybill_testkit::MockClock;

pub const KEY: &str = "00000000-0000-4000-8000-000000000001";
pub const SECRET: &str = "sandbox-secret-not-a-real-key";

/// What the vendor is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Template,
    Create,
    Reference,
    Screen,
    Status,
    Case,
    Results,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This answer in place of doing anything.
    Says(u16, Vec<(&'static str, String)>, String),
    /// It is done, and nothing is answered.
    Silent,
    /// Nothing is done, and nothing is answered.
    Deaf,
    /// It is done, and answered like this.
    Garbled(String),
    /// It is done, and answered byte by byte, without end.
    Drips,
    /// It is done, and answered in chunks.
    Chunked,
}

impl Fault {
    pub fn status(status: u16) -> Self {
        Self::Says(status, Vec::new(), String::new())
    }

    pub fn refusal(status: u16, code: &str, cause: &str) -> Self {
        Self::Says(status, Vec::new(), json!([{"error": code, "cause": cause}]).to_string())
    }
}

#[derive(Debug, Clone)]
pub struct StoredCase {
    pub body: Value,
    pub id: String,
    pub screenings: Vec<Timestamp>,
    /// When the last screening was done.
    pub screened_at: Option<Timestamp>,
}

pub struct Inner {
    pub cases: Vec<StoredCase>,
    pub journal: Vec<(Op, String)>,
    pub refused: Vec<String>,
    pub faults: VecDeque<(Op, Fault)>,
    /// How often a case is said not to be screened.
    pub looks_before_screened: u32,
    /// Results by name.
    pub results: Vec<(String, Value)>,
    /// Added to the summary, to make it long.
    pub categories: usize,
    /// Of its clock against ours.
    pub skew: TimeDelta,
    pub secret: String,
    pub template: Value,
    pub sign_query: bool,
}

/// The vendor.
#[derive(Clone)]
pub struct Vendor {
    inner: Arc<Mutex<Inner>>,
    clock: MockClock,
    pub url: String,
}

impl Vendor {
    pub async fn start(clock: &MockClock) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://127.0.0.1:{}/v2", listener.local_addr().unwrap().port());
        let inner = Inner {
            cases: Vec::new(),
            journal: Vec::new(),
            refused: Vec::new(),
            faults: VecDeque::new(),
            looks_before_screened: 0,
            results: Vec::new(),
            categories: 1,
            skew: TimeDelta::zero(),
            secret: SECRET.to_owned(),
            template: template(&["SFCT_1", "SFCT_2", "SFCT_3", "SFCT_4", "SFCT_5"], &["SFCT_6"]),
            sign_query: false,
        };
        let vendor = Self { inner: Arc::new(Mutex::new(inner)), clock: clock.clone(), url };
        let router = Router::new().fallback(answer).with_state(vendor.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        vendor
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub fn fault(&self, op: Op, fault: Fault) {
        self.lock().faults.push_back((op, fault));
    }

    pub fn results(&self, name: &str, strengths: &[&str]) {
        let results =
            strengths.iter().map(|strength| json!({"referenceId": "e_tr_wci_1", "matchStrength": strength}));
        self.lock().results.push((name.to_owned(), results.collect()));
    }

    /// How often it was asked this, faults included.
    pub fn count(&self, op: Op) -> usize {
        self.lock().journal.iter().filter(|(asked, _)| *asked == op).count()
    }

    pub fn bodies(&self, op: Op) -> Vec<Value> {
        let journal = self.lock().journal.clone();
        let bodies = journal.iter().filter(|(asked, _)| *asked == op);
        bodies.map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now() + self.lock().skew
    }
}

pub fn template(individual: &[&str], organisation: &[&str]) -> Value {
    let fields = |ids: &[&str]| -> Value {
        ids.iter().map(|id| json!({"typeId": id, "fieldRequired": false, "regExp": null})).collect()
    };
    json!({
        "groupId": "g1", "customFields": [], "mandatoryProviderTypes": ["WATCHLIST"],
        "secondaryFieldsByProvider": {"watchlist": {"secondaryFieldsByEntity": {
            "individual": fields(individual), "organisation": fields(organisation),
            "vessel": fields(&["SFCT_7"]), "unspecified": [],
        }}},
    })
}

async fn answer(
    State(vendor): State<Vendor>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some((op, id)) = operation(&method, uri.path()) else { return vendor.reply(404, String::new()) };
    let text = String::from_utf8(body.to_vec()).unwrap();
    vendor.lock().journal.push((op, text.clone()));
    let fault = vendor.take_fault(op);
    match &fault {
        Some(Fault::Deaf) => return std::future::pending().await,
        Some(Fault::Says(status, headers, body)) => {
            let mut response = vendor.reply(*status, body.clone());
            for (name, value) in headers {
                response.headers_mut().insert(*name, value.parse().unwrap());
            }
            return response;
        }
        _ => {}
    }
    if let Err(why) = vendor.check(&method, &uri, &headers, &body) {
        vendor.lock().refused.push(why);
        let mut response = vendor.reply(401, String::new());
        response.headers_mut().insert("authorization", "WWW-Authenticate: Signature".parse().unwrap());
        return response;
    }
    let (status, said) = vendor.perform(op, &id, uri.query(), &text);
    match fault {
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::Garbled(body)) => vendor.reply(status, body),
        Some(Fault::Drips) => {
            let mut response = vendor.reply(status, String::new());
            *response.body_mut() = drops();
            response
        }
        Some(Fault::Chunked) => {
            let chunks: Vec<_> =
                said.bytes().map(|byte| Ok::<_, Infallible>(Bytes::from(vec![byte]))).collect();
            let mut response = vendor.reply(status, said);
            *response.body_mut() = Body::from_stream(futures_util::stream::iter(chunks));
            response
        }
        _ => vendor.reply(status, said),
    }
}

/// A body that never ends.
fn drops() -> Body {
    let drops = futures_util::stream::unfold((), |()| async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    });
    Body::from_stream(drops)
}

fn operation(method: &Method, path: &str) -> Option<(Op, String)> {
    let parts: Vec<&str> = path.strip_prefix("/v2/")?.split('/').collect();
    let get = method == Method::GET;
    let (op, id) = match parts.as_slice() {
        ["groups", group, "caseTemplate"] if get => (Op::Template, *group),
        ["cases"] if !get => (Op::Create, ""),
        ["caseReferences"] if get => (Op::Reference, ""),
        ["cases", "screeningStatus"] if !get => (Op::Status, ""),
        ["cases", id, "screeningRequest"] if !get => (Op::Screen, *id),
        ["cases", id] if get => (Op::Case, *id),
        ["cases", id, "results"] if get => (Op::Results, *id),
        _ => return None,
    };
    Some((op, id.to_owned()))
}

impl Vendor {
    fn take_fault(&self, op: Op) -> Option<Fault> {
        let mut inner = self.lock();
        let at = inner.faults.iter().position(|(of, _)| *of == op)?;
        inner.faults.remove(at).map(|(_, fault)| fault)
    }

    fn reply(&self, status: u16, body: String) -> Response {
        let date = self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let mut response =
            Response::builder().status(StatusCode::from_u16(status).unwrap()).header("date", date);
        if !body.is_empty() {
            response = response.header("content-type", "application/json");
        }
        response.body(Body::from(body)).unwrap()
    }

    /// The vendor's own view of the signature.
    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let date = text("date");
        let at =
            NaiveDateTime::parse_from_str(date, "%a, %d %b %Y %H:%M:%S GMT").map_err(|_| "date")?.and_utc();
        if (at - self.now()).abs() > TimeDelta::seconds(30) {
            return Err("skew".to_owned());
        }
        let target = match uri.query().filter(|_| self.lock().sign_query) {
            Some(query) => format!("{}?{query}", uri.path()),
            None => uri.path().to_owned(),
        };
        let host = text("host").split(':').next().unwrap_or_default();
        let method = method.as_str().to_lowercase();
        let mut signed =
            format!("(request-target): {method} {target}\nhost: {host}\ndate: {date}").into_bytes();
        let mut names = "(request-target) host date".to_owned();
        if !body.is_empty() {
            let (kind, length) = (text("content-type"), text("content-length"));
            signed
                .extend_from_slice(format!("\ncontent-type: {kind}\ncontent-length: {length}\n").as_bytes());
            signed.extend_from_slice(body);
            names.push_str(" content-type content-length");
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.lock().secret.as_bytes()).unwrap();
        mac.update(&signed);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let expected = format!(
            r#"Signature keyId="{KEY}",algorithm="hmac-sha256",headers="{names}",signature="{signature}""#
        );
        if text("authorization") == expected {
            Ok(())
        } else {
            Err(format!("signature of {method} {target}"))
        }
    }

    fn perform(&self, op: Op, id: &str, query: Option<&str>, body: &str) -> (u16, String) {
        let now = self.now();
        let inner = &mut *self.lock();
        let unknown = (404, json!([{"error": "NOT_FOUND", "cause": "unknown"}]).to_string());
        let found = inner.cases.iter().position(|case| case.id == id);
        match op {
            Op::Template => (200, inner.template.to_string()),
            Op::Create => create(inner, serde_json::from_str(body).unwrap()),
            Op::Reference => {
                let wanted = query.and_then(|query| query.strip_prefix("caseId=")).unwrap_or_default();
                let case = inner.cases.iter().find(|case| case.body["caseId"] == wanted);
                let said = case.map(|case| json!({"caseId": wanted, "caseSystemId": case.id}).to_string());
                said.map_or(unknown, |said| (200, said))
            }
            Op::Screen => {
                let Some(at) = found else { return unknown };
                inner.cases[at].screenings.push(now);
                inner.cases[at].screened_at = None;
                (201, String::new())
            }
            Op::Status => status(inner, now, &serde_json::from_str(body).unwrap()),
            Op::Case => found.map_or(unknown, |at| (200, whole(inner, at).to_string())),
            Op::Results => found.map_or(unknown, |at| (200, inner.results_of(at).to_string())),
        }
    }
}

fn create(inner: &mut Inner, body: Value) -> (u16, String) {
    if inner.cases.iter().any(|case| case.body["caseId"] == body["caseId"]) {
        let cause = "Case IDs must be unique within the same client and request.";
        return (400, json!([{"error": "CASE_ID_EXISTS", "cause": cause}]).to_string());
    }
    let id = format!("5jb7r2c9xjfk1hoc95gfay{:03}", inner.cases.len());
    inner.cases.push(StoredCase { body, id, screenings: Vec::new(), screened_at: None });
    (201, whole(inner, inner.cases.len() - 1).to_string())
}

fn status(inner: &mut Inner, now: Timestamp, body: &Value) -> (u16, String) {
    let asked = body["screeningStatusRequests"].as_array().unwrap().clone();
    assert!(asked.len() <= 50, "more than 50 cases in one question");
    let mut said = Vec::new();
    for one in asked {
        let Some(case) = inner.cases.iter_mut().find(|case| one["caseSystemId"] == *case.id) else {
            return (404, json!([{"error": "NOT_FOUND", "cause": "unknown"}]).to_string());
        };
        if !case.screenings.is_empty() && case.screened_at.is_none() {
            if inner.looks_before_screened > 0 {
                inner.looks_before_screened -= 1;
            } else {
                case.screened_at = Some(now);
            }
        }
        let since: Timestamp = one["dateFrom"].as_str().unwrap().parse().unwrap();
        let screened = case.screened_at.is_some_and(|at| at >= since);
        let mut entry = json!({
            "caseSystemId": case.id, "requestFromScreenedDate": one["dateFrom"],
            "screeningStatus": if screened { "SCREENED" } else { "NOT_SCREENED" },
        });
        if let Some(at) = case.screened_at {
            entry["lastScreenedDate"] = format_time(at).into();
        }
        said.push(entry);
    }
    (200, Value::from(said).to_string())
}

fn whole(inner: &Inner, at: usize) -> Value {
    let case = &inner.cases[at];
    let total = inner.results_of(at).as_array().map_or(0, Vec::len);
    let by_category: serde_json::Map<String, Value> =
        (0..inner.categories).map(|n| (format!("CATEGORY {n}"), json!(n))).collect();
    let staff = json!({"userId": "u", "fullName": "Staff Member", "email": "staff@example.invalid"});
    let mut whole = case.body.clone();
    let last = case.screened_at.map(format_time);
    for (name, value) in [
        ("caseSystemId", json!(case.id)),
        ("creator", staff),
        ("assignee", Value::Null),
        ("lastScreenedDatesByProviderType", json!({"WATCHLIST": last})),
        (
            "aggregatedResultSummaries",
            json!({"totalSubCases": 0, "watchlist": {
                "watchlistTotalMatches": total,
                "categorisedMatches": {"watchlistUnresolvedBySubCategory": by_category},
            }}),
        ),
    ] {
        whole[name] = value;
    }
    whole
}

impl Inner {
    fn results_of(&self, at: usize) -> Value {
        let case = &self.cases[at];
        let of_name = self.results.iter().find(|(name, _)| case.body["name"] == **name);
        match of_name {
            Some((_, results)) if case.screened_at.is_some() => results.clone(),
            _ => json!([]),
        }
    }
}
