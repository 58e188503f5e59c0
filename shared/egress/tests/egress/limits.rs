//! Time and size.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get as route;
use tokio::io::AsyncWriteExt;
use waybill_egress::{ConnectFault, EgressError, ProtocolFault};
use waybill_testkit::free_ports;

use crate::support::{client, get, hang, serve, serve_raw};

const BRIEF: Duration = Duration::from_millis(150);

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    let server = serve_raw("", hang).await;
    let mut call = get(format!("http://{server}/"));
    call.timeout = BRIEF;
    assert_eq!(client().send(call).await.unwrap_err(), EgressError::Timeout);
}

#[tokio::test]
async fn a_body_that_drips_times_out_in_total() {
    let server = serve_raw("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n", |mut stream| async move {
        while stream.write_all(b".").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let mut call = get(format!("http://{server}/"));
    call.timeout = BRIEF;
    assert_eq!(client().send(call).await.unwrap_err(), EgressError::Timeout);
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_read() {
    let server = serve_raw("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", hang).await;
    let failed = client().send(get(format!("http://{server}/"))).await.unwrap_err();
    assert_eq!(failed, EgressError::AnswerTooLarge { limit: 64 * 1024 });
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let (ended, mut has_ended) = tokio::sync::mpsc::channel(1);
    let server = serve_raw(start, move |mut stream| {
        let (counter, ended) = (Arc::clone(&counter), ended.clone());
        async move {
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
            while stream.write_all(chunk.as_bytes()).await.is_ok() {
                counter.fetch_add(0x1000, Ordering::SeqCst);
            }
            ended.send(()).await.unwrap();
        }
    })
    .await;
    let failed = client().send(get(format!("http://{server}/"))).await.unwrap_err();
    assert_eq!(failed, EgressError::AnswerTooLarge { limit: 64 * 1024 });
    has_ended.recv().await.unwrap(); // the connection was closed on the server
    let sent = sent.load(Ordering::SeqCst);
    assert!(sent < 32 * 1024 * 1024, "{sent} bytes: more than the sockets' buffers hold");
}

#[tokio::test]
async fn the_limit_itself_is_allowed() {
    let server = serve(Router::new().route("/", route(|| async { "x".repeat(1000) }))).await;
    let mut call = get(format!("http://{server}/"));
    call.max_answer_bytes = 1000;
    let client = client();
    assert_eq!(client.send(call.clone()).await.unwrap().body.len(), 1000);
    call.max_answer_bytes = 999;
    assert_eq!(client.send(call).await.unwrap_err(), EgressError::AnswerTooLarge { limit: 999 });
}

#[tokio::test]
async fn broken_exchanges_are_told_apart() {
    let table = [
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", ProtocolFault::Lost),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf", ProtocolFault::Lost),
        ("HTTP/1.1 200", ProtocolFault::Lost),
        ("", ProtocolFault::Lost),
        ("SSH-2.0-OpenSSH_9.9\r\n\r\n", ProtocolFault::NotHttp),
    ];
    for (start, fault) in table {
        let server = serve_raw(start, |mut stream| async move {
            stream.shutdown().await.unwrap();
        })
        .await;
        let failed = client().send(get(format!("http://{server}/"))).await.unwrap_err();
        assert_eq!(failed, EgressError::Protocol(fault), "{start:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_a_refused_connection() {
    let block = free_ports(1);
    let failed = client().send(get(format!("http://127.0.0.1:{}/", block.base()))).await.unwrap_err();
    assert_eq!(failed, EgressError::Connect(ConnectFault::Refused));
}
