//! A vendor on a loopback port that does what a test says, byte for byte; unscripted, it plays the vendor as recorded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    Sanction,
    Register,
    Summary,
    Alerts,
    Categories,
}

/// How it is answered.
#[derive(Clone)]
pub enum Act {
    /// As recorded.
    Usual,
    Json(u16, Value),
    /// Content type and body as they are.
    Text(u16, &'static str, String),
    /// A header more.
    With(&'static str, &'static str, Box<Act>),
    /// Reads the request, and says nothing.
    Hang,
    /// Reads the request, does what it says, and closes the connection.
    Break,
    /// One byte in 50 ms.
    Drip,
    /// When the test says so.
    Hold(Arc<Notify>, Box<Act>),
}

impl Act {
    pub fn ok(body: Value) -> Self {
        Self::Json(200, body)
    }

    pub fn html(status: u16) -> Self {
        Self::Text(status, "text/html", "<html><body>Attention Required!</body></html>".to_owned())
    }
}

/// What was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    pub endpoint: Endpoint,
    pub method: String,
    /// With the query.
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Value,
}

#[derive(Default)]
struct State {
    heard: Vec<Heard>,
    once: HashMap<Endpoint, VecDeque<Act>>,
    always: HashMap<Endpoint, Act>,
    registered: HashMap<String, Value>,
}

#[derive(Clone)]
pub struct FakeVendor {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl FakeVendor {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let vendor = Self { url, state: Arc::default() };
        let serving = vendor.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        vendor
    }

    /// These, one after the other, before what is usual.
    pub fn will(&self, endpoint: Endpoint, acts: impl IntoIterator<Item = Act>) {
        self.state().once.entry(endpoint).or_default().extend(acts);
    }

    /// From now on.
    pub fn always(&self, endpoint: Endpoint, act: Act) {
        self.state().always.insert(endpoint, act);
    }

    pub fn heard(&self, endpoint: Endpoint) -> Vec<Heard> {
        self.state().heard.iter().filter(|heard| heard.endpoint == endpoint).cloned().collect()
    }

    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.heard(endpoint).len()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(heard) = read(&mut stream).await else { return };
        let act = {
            let mut state = self.state();
            state.heard.push(heard.clone());
            let once = state.once.get_mut(&heard.endpoint).and_then(VecDeque::pop_front);
            once.or_else(|| state.always.get(&heard.endpoint).cloned()).unwrap_or(Act::Usual)
        };
        self.act(&mut stream, &heard, act).await;
    }

    async fn act(&self, stream: &mut TcpStream, heard: &Heard, act: Act) {
        let mut more = String::new();
        let mut act = act;
        loop {
            act = match act {
                Act::With(name, value, then) => {
                    more.push_str(&format!("{name}: {value}\r\n"));
                    *then
                }
                Act::Hold(until, then) => {
                    until.notified().await;
                    *then
                }
                act => break self.answer(stream, heard, act, &more).await,
            };
        }
    }

    async fn answer(&self, stream: &mut TcpStream, heard: &Heard, act: Act, more: &str) {
        let (status, content_type, body) = match act {
            Act::Usual => {
                let (status, body) = self.usual(heard);
                (status, "application/json", body.to_string())
            }
            Act::Json(status, body) => (status, "application/json", body.to_string()),
            Act::Text(status, content_type, body) => (status, content_type, body),
            Act::Hang => return tokio::time::sleep(Duration::from_secs(60)).await,
            Act::Break => {
                self.usual(heard);
                return;
            }
            Act::Drip => {
                let _ = stream
                    .write_all(
                        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10000\r\n\r\n",
                    )
                    .await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                return;
            }
            Act::With(..) | Act::Hold(..) => unreachable!("unwrapped before"),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n",
            body.len()
        );
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(body.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    /// The vendor as recorded.
    fn usual(&self, heard: &Heard) -> (u16, Value) {
        match heard.endpoint {
            Endpoint::Sanction => (200, json!({"identifications": []})),
            Endpoint::Categories => (200, categories()),
            Endpoint::Alerts => (200, json!({"alerts": []})),
            Endpoint::Register => (202, self.register(heard)),
            Endpoint::Summary => {
                let path = heard.path.split('?').next().unwrap_or_default();
                let id = path.rsplit('/').next().unwrap_or_default();
                match self.state().registered.get(id) {
                    Some(summary) => (200, summary.clone()),
                    None => (404, refusal(404, "Not Found")),
                }
            }
        }
    }

    /// An attempt is done at once; a transfer is done when it is asked for.
    fn register(&self, heard: &Heard) -> Value {
        let body = &heard.body;
        let id = external_id(heard);
        let network = body["network"].as_str().unwrap_or_default().to_uppercase();
        let summary = if heard.path.ends_with("/withdrawal-attempts") {
            json!({
                "asset": body["asset"], "assetId": null, "network": network, "address": normalized(&body["address"]),
                "attemptIdentifier": body["attemptIdentifier"], "assetAmount": 1, "usdAmount": 1820.17,
                "updatedAt": "2026-01-02T03:04:05.350+00:00", "externalId": id
            })
        } else {
            json!({
                "updatedAt": "2026-01-02T03:04:08.107532", "asset": body["asset"], "assetId": null, "network": network,
                "transferReference": body["transferReference"], "tx": "ab", "idx": 0, "usdAmount": 141.94,
                "assetAmount": 0.00150795, "timestamp": "2026-01-02T03:03:37.000+00:00", "outputAddress": "cd",
                "externalId": id
            })
        };
        self.state().registered.insert(id.clone(), summary.clone());
        if heard.path.ends_with("/withdrawal-attempts") {
            return summary;
        }
        json!({
            "updatedAt": null, "asset": body["asset"], "assetId": null, "network": network,
            "transferReference": body["transferReference"], "tx": null, "idx": null, "usdAmount": null,
            "assetAmount": null, "timestamp": null, "outputAddress": null, "externalId": id
        })
    }
}

/// The same for the same content, as the vendor's are.
fn external_id(heard: &Heard) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (&heard.path, heard.body.to_string()).hash(&mut hasher);
    format!("79382ac9-c7be-3fab-ad56-{:012x}", hasher.finish() >> 16)
}

fn normalized(address: &Value) -> String {
    address.as_str().unwrap_or_default().trim_start_matches("0x").to_lowercase()
}

pub fn categories() -> Value {
    json!({"categories": [
        {"categoryId": null, "categoryName": ""}, {"categoryId": 999, "categoryName": "custom address"},
        {"categoryId": 3, "categoryName": "sanctioned entity"}, {"categoryId": 4, "categoryName": "no kyc exchange"}
    ]})
}

/// The envelope of the KYT API.
pub fn refusal(status: u16, message: &str) -> Value {
    json!({"timestamp": "2023-03-01T20:35:49.416+00:00", "status": status, "error": "E", "message": message, "path": "/api/kyt"})
}

/// An alert with this id.
pub fn alert(id: &str, level: &str) -> Value {
    json!({
        "alertLevel": level, "service": "SANCTIONED ENTITY: Example", "externalId": id, "alertAmount": 9544.15,
        "exposureType": "DIRECT", "categoryId": 3
    })
}

async fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => body.extend_from_slice(&buffer[..read]),
        }
    }
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Some(Heard { endpoint: endpoint(&method, &path), method, path, headers, body })
}

fn endpoint(method: &str, path: &str) -> Endpoint {
    if path.starts_with("/api/v1/address/") {
        Endpoint::Sanction
    } else if path.ends_with("/v2/categories") {
        Endpoint::Categories
    } else if path.ends_with("/alerts") {
        Endpoint::Alerts
    } else if method == "POST" {
        Endpoint::Register
    } else {
        Endpoint::Summary
    }
}
