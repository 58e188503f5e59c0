//! Databases, processes over them, and a vendor whose answers a test sets.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderValue;
use http::header::HeaderName;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use url::Url;
use waybill_domain::Timestamp;
use waybill_egress::{Answer, Egress, EgressOptions};
use waybill_store::{ServerOptions, Store, StoreOptions};
use waybill_testkit::servers::{self, TestDatabase};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};
use waybill_vendors::{Ask, Limit, Request, Vendor, VendorError, VendorParts};

/// Long enough for a busy machine; no test that passes waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);
pub const SECOND: Duration = Duration::from_secs(1);
pub const KEY: &str = "a-key-of-ours";

/// A database of a test's own.
pub struct Database {
    options: StoreOptions,
    _folder: TestFolder,
    _database: Option<TestDatabase>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = TestFolder::new();
        let options = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
        Self { options, _folder: folder, _database: None }
    }

    pub async fn postgres() -> Self {
        let database = tokio::task::spawn_blocking(|| servers::postgres().database()).await.unwrap();
        let url = SecretString::from(database.url().to_owned());
        let options = StoreOptions::Server(ServerOptions { connections: 4, ..ServerOptions::new(url) });
        Store::migrate(&options).await.unwrap();
        Self { options, _folder: TestFolder::new(), _database: Some(database) }
    }

    /// As a process opens it.
    pub async fn open(&self) -> Store {
        Store::open(&self.options).await.unwrap()
    }
}

/// A limit as one process has it.
pub fn limit(store: &Store, seed: u64, times: u32, window: Duration) -> Limit {
    Limit::over(store, &SeededEntropy::new(seed).shared(), "vendor:1a2b3c4d", times, window)
}

/// A vendor as one process has it, with a limit that is no hindrance.
pub fn vendor(store: &Store) -> Vendor {
    vendor_with(limit(store, 1, 10_000, SECOND))
}

pub fn vendor_with(limit: Limit) -> Vendor {
    let clock = MockClock::default();
    let options = EgressOptions { failures_to_open: 1000, ..EgressOptions::default() };
    let egress = Egress::new(options, clock.shared(), SeededEntropy::new(7).shared()).unwrap();
    Vendor::over(VendorParts { egress, clock: clock.shared(), name: "vendor", limit, concurrency: 16 })
}

/// A request with the key.
pub fn request(url: impl AsRef<str>) -> Request {
    Request::get(Url::parse(url.as_ref()).unwrap())
        .header(HeaderName::from_static("token"), HeaderValue::from_static(KEY))
}

/// One call, without a repetition.
pub async fn ask(vendor: &Vendor, stub: &Stub) -> Result<Answer, VendorError> {
    vendor.call(&Ask::request(PATIENCE).once(), |_: Timestamp| request(stub.url())).await
}

/// What the stub does with a request that it has read.
#[derive(Clone)]
pub enum Reaction {
    /// Writes this, and keeps the connection for the next request.
    Say(Vec<u8>),
    /// Writes this and closes the connection.
    SayAndClose(Vec<u8>),
    /// Writes this, then a byte now and then.
    Drip(Vec<u8>),
    /// Says nothing and closes the connection.
    Close,
}

impl Reaction {
    /// An answer with these headers and body.
    pub fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut text = format!("HTTP/1.1 {status} Some Words\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        Self::Say([text.as_bytes(), body].concat())
    }

    pub fn json(body: &str) -> Self {
        Self::answer(200, &[("content-type", "application/json")], body.as_bytes())
    }
}

/// A request that the stub read, and when.
#[derive(Clone)]
pub struct Seen {
    pub at: Instant,
    pub text: String,
}

/// A vendor on loopback: one reaction after the other, the last one for ever.
pub struct Stub {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Stub {
    pub async fn new(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let reactions = Arc::new(Mutex::new(VecDeque::from_iter(reactions)));
        let stub = Self { address, seen: Arc::default() };
        let seen = Arc::clone(&stub.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&reactions), Arc::clone(&seen)));
            }
        });
        stub
    }

    pub fn url(&self) -> String {
        format!("http://{}/v2/transfers", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn converse(
    mut stream: TcpStream,
    reactions: Arc<Mutex<VecDeque<Reaction>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    while let Some(text) = read_request(&mut stream).await {
        seen.lock().unwrap().push(Seen { at: Instant::now(), text });
        let reaction = {
            let mut reactions = reactions.lock().unwrap();
            if reactions.len() > 1 { reactions.pop_front() } else { reactions.front().cloned() }
        };
        match reaction.expect("a stub has a reaction") {
            Reaction::Say(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reaction::SayAndClose(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reaction::Drip(bytes) => {
                let _ = stream.write_all(&bytes).await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                return;
            }
            Reaction::Close => return,
        }
    }
}

/// A request without a body.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        text.push(byte[0]);
    }
    String::from_utf8(text).ok()
}

/// The most that happened in any window of this length that begins with one of them.
pub fn most_in_any(window: Duration, mut times: Vec<Instant>) -> usize {
    times.sort();
    let in_window = |from: &Instant| times.iter().filter(|at| *at >= from && **at < *from + window).count();
    times.iter().map(in_window).max().unwrap_or(0)
}
