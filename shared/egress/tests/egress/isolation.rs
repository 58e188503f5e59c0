//! A destination in trouble harms nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get as route;
use tokio::sync::Semaphore;
use waybill_egress::{AllowList, BreakerState, Call, EgressClass, EgressError, EgressOptions};
use waybill_testkit::{ChaosProxy, MockClock, eventually};

use crate::support::{PATIENCE, client, client_with, get, hang, serve, serve_raw};

/// A server whose status and `Retry-After` a test sets, and which counts.
#[derive(Default)]
struct Moody {
    status: AtomicU16,
    retry_after: AtomicU16,
    asked: AtomicUsize,
}

impl Moody {
    async fn start() -> (Arc<Self>, Call) {
        let moody = Arc::new(Self { status: AtomicU16::new(200), ..Self::default() });
        let shared = Arc::clone(&moody);
        let answer = move || {
            shared.asked.fetch_add(1, Ordering::SeqCst);
            let status = StatusCode::from_u16(shared.status.load(Ordering::SeqCst)).unwrap();
            let seconds = shared.retry_after.load(Ordering::SeqCst);
            let headers = (seconds > 0).then(|| ("retry-after".parse().unwrap(), seconds.into()));
            async move { (status, HeaderMap::from_iter(headers)) }
        };
        let server = serve(Router::new().route("/", route(answer))).await;
        (moody, get(format!("http://{server}/")))
    }

    fn set(&self, status: u16, retry_after: u16) {
        self.status.store(status, Ordering::SeqCst);
        self.retry_after.store(retry_after, Ordering::SeqCst);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn suspended(outcome: &Result<waybill_egress::Answer, EgressError>) -> Option<Duration> {
    match outcome {
        Err(EgressError::BreakerOpen { retry_after }) => Some(*retry_after),
        _ => None,
    }
}

#[tokio::test]
async fn the_breaker_opens_and_tries_again() {
    let (server, call) = Moody::start().await;
    let clock = MockClock::default();
    let client = client_with(EgressOptions { failures_to_open: 2, ..EgressOptions::default() }, &clock);
    server.set(502, 0);
    for _ in 0..2 {
        assert_eq!(client.send(call.clone()).await.unwrap().status, 502);
    }
    let pause = suspended(&client.send(call.clone()).await).expect("open after two failures");
    assert_eq!(server.asked(), 2, "and the server is left alone");
    assert_eq!(client.breaker_state("backend"), BreakerState::Open { retry_after: pause });

    let elsewhere = Call { destination: "vasp:1".to_owned(), ..call.clone() };
    assert_eq!(client.send(elsewhere).await.unwrap().status, 502, "other destinations are not concerned");

    clock.advance(pause);
    server.set(200, 0);
    assert_eq!(client.send(call.clone()).await.unwrap().status, 200, "the probe");
    assert_eq!(client.breaker_state("backend"), BreakerState::Closed);
    assert_eq!(client.send(call).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_destination_of_the_operator_is_never_left_alone_for_long() {
    let (server, call) = Moody::start().await;
    let clock = MockClock::default();
    let open_for = Duration::from_secs(30);
    let options = EgressOptions { failures_to_open: 1, open_for, ..EgressOptions::default() };
    let client = client_with(options, &clock);
    let allow = Arc::new(AllowList::parse(["127.0.0.0/8"]).unwrap());
    let class = EgressClass::Directory { allow };
    let peer = Call { destination: "vasp:1".to_owned(), class, ..call.clone() };
    server.set(500, 0);
    for _ in 0..8 {
        assert_eq!(client.send(call.clone()).await.unwrap().status, 500, "the probe");
        let pause = suspended(&client.send(call.clone()).await).expect("open");
        assert!(pause <= Duration::from_millis(6250), "{pause:?}; with a quarter of jitter");
        clock.advance(pause);
    }
    assert_eq!(client.send(peer.clone()).await.unwrap().status, 500);
    assert!(suspended(&client.send(peer).await).unwrap() >= open_for, "others may be");
}

#[tokio::test]
async fn timeouts_open_the_breaker_too() {
    let server = serve_raw("", hang).await;
    let client =
        client_with(EgressOptions { failures_to_open: 1, ..EgressOptions::default() }, &MockClock::default());
    let mut call = get(format!("http://{server}/"));
    call.timeout = Duration::from_millis(50);
    assert_eq!(client.send(call.clone()).await.unwrap_err(), EgressError::Timeout);
    assert!(suspended(&client.send(call).await).is_some());
}

#[tokio::test]
async fn retry_after_is_obeyed_at_once() {
    let (server, call) = Moody::start().await;
    let clock = MockClock::default();
    let client = client_with(EgressOptions::default(), &clock);
    server.set(503, 30);
    assert_eq!(client.send(call.clone()).await.unwrap().status, 503);
    assert_eq!(suspended(&client.send(call.clone()).await), Some(Duration::from_secs(30)));
    clock.advance(Duration::from_secs(29));
    assert_eq!(suspended(&client.send(call.clone()).await), Some(Duration::from_secs(1)));
    clock.advance(Duration::from_secs(1));
    server.set(200, 0);
    assert_eq!(client.send(call).await.unwrap().status, 200);
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn too_many_requests_of_one_kind_do_not_stop_the_others() {
    let (server, call) = Moody::start().await;
    let client = client_with(EgressOptions::default(), &MockClock::default());
    server.set(429, 30);
    for _ in 0..10 {
        assert_eq!(client.send(call.clone()).await.unwrap().status, 429);
    }
}

#[tokio::test]
async fn an_answer_with_a_sign_of_life_counts_as_one_whatever_its_status() {
    let (server, mut call) = Moody::start().await;
    let client =
        client_with(EgressOptions { failures_to_open: 1, ..EgressOptions::default() }, &MockClock::default());
    call.sign_of_life = Some("retry-after".parse().unwrap());
    server.set(503, 30);
    for _ in 0..3 {
        assert_eq!(client.send(call.clone()).await.unwrap().status, 503);
    }
    call.sign_of_life = Some("waybill-protocol".parse().unwrap());
    client.send(call.clone()).await.unwrap();
    assert!(suspended(&client.send(call).await).is_some(), "a gateway's answer lacks it");
}

#[tokio::test]
async fn a_cancelled_probe_frees_the_way_for_the_next() {
    let (server, mut call) = Moody::start().await;
    let proxy = ChaosProxy::start(format!("127.0.0.1:{}", call.url.port().unwrap()).parse().unwrap()).await;
    call.url.set_port(Some(proxy.address().port())).unwrap();
    let clock = MockClock::default();
    let client = client_with(EgressOptions { failures_to_open: 1, ..EgressOptions::default() }, &clock);
    server.set(500, 0);
    client.send(call.clone()).await.unwrap();
    clock.advance(Duration::from_secs(60));

    proxy.stall();
    let cancelled = tokio::time::timeout(Duration::from_millis(50), client.send(call.clone())).await;
    assert!(cancelled.is_err());
    proxy.restore();
    server.set(200, 0);
    assert_eq!(client.send(call).await.unwrap().status, 200);
}

#[tokio::test]
async fn calls_beyond_the_permits_are_busy() {
    let gate = Arc::new(Semaphore::new(0));
    let inside = Arc::new(AtomicUsize::new(0));
    let handler = {
        let (gate, inside) = (Arc::clone(&gate), Arc::clone(&inside));
        move || {
            let (gate, inside) = (Arc::clone(&gate), Arc::clone(&inside));
            async move {
                inside.fetch_add(1, Ordering::SeqCst);
                gate.acquire().await.unwrap().forget();
            }
        }
    };
    let server = serve(Router::new().route("/", route(handler))).await;
    let call = get(format!("http://{server}/"));
    let options = EgressOptions {
        concurrency: 2,
        wait_for_permit: Duration::from_millis(10),
        ..EgressOptions::default()
    };
    let client = client_with(options, &MockClock::default());

    let send = |call: &Call| {
        tokio::spawn({
            let (client, call) = (client.clone(), call.clone());
            async move { client.send(call).await }
        })
    };
    let (one, two) = (send(&call), send(&call));
    let both_inside = async || (inside.load(Ordering::SeqCst) == 2).then_some(());
    eventually("two calls are under way", PATIENCE, both_inside).await;
    let busy = client.send(call.clone()).await.unwrap_err();
    assert!(matches!(busy, EgressError::Busy { retry_after: Some(_) }), "{busy}");
    let elsewhere = send(&Call { destination: "vasp:1".to_owned(), ..call.clone() });
    let third_inside = async || (inside.load(Ordering::SeqCst) == 3).then_some(());
    eventually("another destination has permits of its own", PATIENCE, third_inside).await;

    gate.add_permits(4);
    for call in [one, two, elsewhere] {
        assert_eq!(call.await.unwrap().unwrap().status, 200);
    }
    assert_eq!(client.send(call).await.unwrap().status, 200, "the permits came back");
}

#[tokio::test]
async fn refusals_of_our_own_do_not_count() {
    let client = client();
    for _ in 0..10 {
        let failed = client.send(get("http://1.1.1.1/")).await.unwrap_err();
        assert!(matches!(failed, EgressError::Refused(_)));
    }
    assert_eq!(client.breaker_state("backend"), BreakerState::Closed);
}
