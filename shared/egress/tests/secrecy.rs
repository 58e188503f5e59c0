//! Logs, spans, errors and debug output tell where a call went, and nothing of what it carried.
//!
//! Alone in its program, so that it can listen to everything the program logs.

#[path = "egress/support.rs"]
mod support;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use bytes::Bytes;
use http::Method;
use tracing_subscriber::fmt::format::FmtSpan;
use waybill_egress::Call;

use crate::support::{client, get, hang, serve, serve_raw};

const SECRETS: [&str; 5] = ["NAMEINPATH", "NAMEINQUERY", "TOKENINHEADER", "NAMEINBODY", "NAMEINANSWER"];

fn secretive(address: SocketAddr) -> Call {
    let mut call = get(format!("http://{address}/v1/NAMEINPATH?q=NAMEINQUERY"));
    call.method = Method::POST;
    call.headers.insert("authorization", "Bearer TOKENINHEADER".parse().unwrap());
    call.body = Bytes::from_static(b"NAMEINBODY");
    call
}

/// Collects log output.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn record_everything(&self) {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .init();
    }
}

#[tokio::test]
async fn nothing_that_was_carried_is_told() {
    let log = Log::default();
    log.record_everything();
    let answering = serve(Router::new().fallback(any(|| async { "NAMEINANSWER" }))).await;
    let hanging = serve_raw("", hang).await;
    let hanging_up =
        serve_raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nNAMEINANSWER", |_| async {}).await;
    let client = client();
    let mut told = String::new();
    for address in [&[answering, hanging], [hanging_up; 4].as_slice(), &[answering]].concat() {
        let mut call = secretive(address);
        if address == hanging {
            call.timeout = Duration::from_millis(100);
        }
        told += &format!("{call:?}\n");
        match client.send(call).await {
            Ok(answer) => told += &format!("{answer:?}\n"),
            Err(error) => told += &format!("{error} {error:?}\n"),
        }
    }
    let told = told + &log.text();
    let span = "method=POST destination=\"backend\" host=\"127.0.0.1\"";
    for expected in [
        span,
        "status=200",
        "error=\"timeout\"",
        "error=\"protocol\"",
        "error=\"breaker-open\"",
        "calls suspended",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    for secret in SECRETS {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}
