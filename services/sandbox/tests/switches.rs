//! The switches: modes of an endpoint, the state of a transfer.

mod common;

use std::time::Duration;

use common::{Fixture, OURS, ROBOT, account_request, callback};
use serde_json::{Value, json};
use waybill_testkit::eventually;

const UUID: &str = "0e5c3a52-6c0e-4b8a-9a55-3f3a9d1c2b10";

async fn switch(fixture: &Fixture, mode: Value) {
    let answer = fixture.put(&format!("/vasps/{OURS}/mode"), mode).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn a_mode_lasts_so_many_answers_of_its_endpoint() {
    let fixture = Fixture::new();
    let mode = json!({"mode": "error-429", "endpoint": "callback", "times": 2, "retryAfter": 7});
    switch(&fixture, mode).await;
    for _ in 0..2 {
        let answer = fixture.post(OURS, "callback", &callback()).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.headers["retry-after"], "7");
    }
    let answer = fixture.post(OURS, "callback", &callback()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"result": true})));
    assert_eq!(fixture.journal(&format!("vasp={OURS}")).await.len(), 3, "refused ones were sent too");
}

#[tokio::test]
async fn a_mode_lasts_until_it_is_switched_back_and_spares_the_other_vasp() {
    let fixture = Fixture::new();
    switch(&fixture, json!({"mode": "error-410"})).await;
    for _ in 0..3 {
        assert_eq!(fixture.post(OURS, "callback", &callback()).await.status, 410);
        assert_eq!(fixture.post(OURS, "account", &account_request()).await.status, 410);
        assert_eq!(fixture.post(ROBOT, "account", &account_request()).await.status, 200);
    }
    switch(&fixture, json!({"mode": "normal", "endpoint": "callback"})).await;
    assert_eq!(fixture.post(OURS, "callback", &callback()).await.status, 200);
    assert_eq!(fixture.post(OURS, "account", &account_request()).await.status, 410);
    let shown = fixture.get(&format!("/vasps/{OURS}/mode")).await.json();
    assert_eq!(shown["callback"], json!({"mode": "normal"}));
    assert_eq!(shown["account"], json!({"mode": "error-410"}));
}

#[tokio::test(start_paused = true)]
async fn a_slow_mode_delays_and_then_answers() {
    let fixture = Fixture::new();
    for (mode, delay) in [
        (json!({"mode": "slow", "times": 1}), 1_500),
        (json!({"mode": "slow", "delayMs": 250, "times": 1}), 250),
    ] {
        switch(&fixture, mode).await;
        let before = tokio::time::Instant::now();
        assert_eq!(fixture.post(OURS, "callback", &callback()).await.status, 200);
        assert_eq!(before.elapsed().as_millis(), delay);
    }
}

#[tokio::test]
async fn every_other_mode_spoils_a_callback_and_a_transaction() {
    let fixture = Fixture::new();
    let inquiry = json!({"verificationUuid": UUID});
    for (endpoint, body) in [("callback", callback()), ("transaction", inquiry)] {
        let posted = async |mode: &str| {
            switch(&fixture, json!({"mode": mode, "endpoint": endpoint, "times": 1})).await;
            fixture.try_post(OURS, endpoint, &body).await
        };
        assert!(posted("down").await.is_err());
        assert_eq!(posted("error-503").await.unwrap().status, 503);
        assert!(serde_json::from_slice::<Value>(&posted("nonsense").await.unwrap().body).is_err());
        assert_eq!(posted("wrong-content-type").await.unwrap().headers["content-type"], "text/html");
        assert!(posted("too-much").await.unwrap().body.len() > 1024 * 1024);
        let unknown = posted("unknown-result").await.unwrap();
        assert!(unknown.text().contains("\"MAYBE\""));
        assert_eq!(fixture.post(OURS, endpoint, &body).await.status, 200);
    }
}

#[tokio::test]
async fn a_switch_that_makes_no_sense_is_refused_and_changes_nothing() {
    let fixture = Fixture::new();
    for (mode, code) in [
        (json!({"mode": "sleepy"}), "INVALID-MODE"),
        (json!({"mode": "error-200"}), "INVALID-MODE"),
        (json!({"mode": "slow", "endpoint": "everything"}), "INVALID-ENDPOINT"),
        (json!({"mode": "down", "times": 0}), "INVALID-TIMES"),
        (json!({"mode": "slow", "delayMs": 600_001}), "INVALID-DELAY-MS"),
        (json!({"mode": "slow", "delay": 5}), "INVALID-BODY"),
        (json!({}), "INVALID-BODY"),
    ] {
        let answer = fixture.put(&format!("/vasps/{OURS}/mode"), mode).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].clone()), (400, json!(code)));
    }
    let answer = fixture.put("/vasps/1/mode", json!({"mode": "down"})).await;
    assert_eq!(answer.status, 404);
    assert_eq!(fixture.post(OURS, "callback", &callback()).await.status, 200);
}

#[tokio::test]
async fn a_transfer_is_processing_until_it_is_set() {
    let fixture = Fixture::new();
    let inquiry = json!({"verificationUuid": UUID});
    let before = fixture.post(OURS, "transaction", &inquiry).await.json();
    assert_eq!(before, json!({"verificationUuid": UUID, "transactionStatus": "PROCESSING"}));

    let path = format!("/vasps/{OURS}/transactions/{UUID}");
    let transfer = json!({"transactionStatus": "WAIT-CONFIRM", "txHash": "0xfeed", "vout": "1"});
    assert_eq!(fixture.put(&path, transfer).await.status, 200);
    let after = fixture.post(OURS, "transaction", &inquiry).await.json();
    let expected = json!({
        "verificationUuid": UUID, "transactionStatus": "WAIT-CONFIRM", "txHash": "0xfeed", "vout": "1"});
    assert_eq!(after, expected);
    let robots = fixture.post(ROBOT, "transaction", &inquiry).await.json();
    assert_eq!(robots["transactionStatus"], "PROCESSING");

    for (path, transfer) in [
        (path.clone(), json!({"transactionStatus": "LOST"})),
        (path, json!({"txHash": "0xfeed"})),
        (format!("/vasps/{OURS}/transactions/7"), json!({"transactionStatus": "PENDING"})),
    ] {
        assert_eq!(fixture.put(&path, transfer).await.status, 400);
    }
}

#[tokio::test]
async fn over_a_socket_a_backend_that_is_down_sends_nothing_and_the_end_is_not_held_up() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let fixture = Fixture::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let server = tokio::spawn(waybill_sandbox::run(fixture.sandbox.clone(), listener, shutdown));
    let body = callback().to_string();
    let request = format!(
        "POST /vasps/{OURS}/callback HTTP/1.1\r\nhost: sandbox\r\nauthorization: {}\r\ncontent-length: {}\r\n\r\n{body}",
        common::OUR_TOKEN,
        body.len()
    );

    switch(&fixture, json!({"mode": "down", "times": 1})).await;
    let mut down = tokio::net::TcpStream::connect(address).await.unwrap();
    down.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = down.read_to_end(&mut answer).await; // a reset is as good as an end
    assert_eq!(answer, b"", "not even a status line");

    switch(&fixture, json!({"mode": "slow", "delayMs": 600_000})).await;
    let mut slow = tokio::net::TcpStream::connect(address).await.unwrap();
    slow.write_all(request.as_bytes()).await.unwrap();
    let journal = format!("vasp={OURS}");
    eventually("the slow request is in the journal", Duration::from_secs(10), async || {
        (fixture.journal(&journal).await.len() == 2).then_some(())
    })
    .await;
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), server).await.unwrap().unwrap().unwrap();
}
