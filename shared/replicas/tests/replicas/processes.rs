//! A database, clients over it, and a destination whose answer a test sets.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;
use waybill_domain::Share;
use waybill_egress::{Answer, BreakerState, Call, Egress, EgressClass, EgressError, EgressOptions};
use waybill_replicas::Board;
use waybill_store::{Store, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};

/// Long enough for a busy machine; no test that passes waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Database {
    pub store: Store,
    _folder: TestFolder,
}

impl Database {
    pub async fn new() -> Self {
        let folder = TestFolder::new();
        let options = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
        Self { store: Store::open(&options).await.unwrap(), _folder: folder }
    }
}

/// What calls in one process; its clock stands still, and far from those of the others.
pub struct Process {
    pub egress: Egress,
    own: Egress,
    pub clock: MockClock,
    board: JoinHandle<()>,
}

impl Process {
    pub fn start(database: &Database, number: u64) -> Self {
        Self::with(database, number, EgressOptions { failures_to_open: 2, ..EgressOptions::default() })
    }

    pub fn with(database: &Database, number: u64, options: EgressOptions) -> Self {
        let clock = MockClock::default();
        clock.advance(Duration::from_secs(86_400 * number));
        let longest = options.longest_pause();
        let egress = Egress::new(options, clock.shared(), SeededEntropy::new(number).shared()).unwrap();
        let (own, egress) = (egress.clone(), egress.shared_by(&Share::default()));
        let board = Board::new(&database.store, number.to_string(), longest);
        egress.share_breakers(board.clone());
        Self { board: tokio::spawn(board.work(egress.clone())), egress, own, clock }
    }

    pub async fn call(&self, destination: &str, at: SocketAddr) -> Result<StatusCode, EgressError> {
        self.egress.send(call(destination, at)).await.map(|Answer { status, .. }| status)
    }

    /// A call to what no other process calls.
    pub async fn call_alone(&self, destination: &str, at: SocketAddr) -> Result<StatusCode, EgressError> {
        self.own.send(call(destination, at)).await.map(|Answer { status, .. }| status)
    }

    pub async fn until_open(&self, destination: &str, at: SocketAddr) -> Duration {
        eventually("the breaker is open here", PATIENCE, async || match self.call(destination, at).await {
            Err(EgressError::BreakerOpen { retry_after }) => Some(retry_after),
            _ => None,
        })
        .await
    }

    pub async fn until_closed(&self, destination: &str) {
        eventually("the breaker is closed here", PATIENCE, async || {
            (self.egress.breaker_state(destination) == BreakerState::Closed).then_some(())
        })
        .await;
    }
}

fn call(destination: &str, at: SocketAddr) -> Call {
    Call {
        class: EgressClass::Operator,
        destination: destination.to_owned(),
        method: Method::GET,
        url: Url::parse(&format!("http://{at}/")).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        timeout: PATIENCE,
        max_answer_bytes: 1024,
        concurrency: None,
        sign_of_life: None,
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.board.abort();
    }
}

/// Somebody to call.
pub struct Peer {
    pub address: SocketAddr,
    status: AtomicU16,
    calls: AtomicUsize,
}

impl Peer {
    pub async fn start(status: u16) -> Arc<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let peer = Arc::new(Self { address, status: status.into(), calls: AtomicUsize::new(0) });
        let answering = Arc::clone(&peer);
        let answer = move || {
            answering.calls.fetch_add(1, Ordering::SeqCst);
            let status = StatusCode::from_u16(answering.status.load(Ordering::SeqCst)).unwrap();
            async move { status }
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(answer))).await });
        peer
    }

    pub fn set(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}
