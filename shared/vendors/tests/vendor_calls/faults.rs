//! Everything that can be wrong with an answer, over real connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;
use url::Url;
use waybill_domain::{Clock as _, Timestamp, format_time};
use waybill_testkit::{MockClock, free_ports};
use waybill_vendors::{Ask, Decimal, Object, Request, VendorError, cut, json, json_list, parse_vendor_time};

use crate::support::{Database, KEY, PATIENCE, Reaction, Stub, ask, request, vendor};

const JSON: (&str, &str) = ("content-type", "application/json");

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    #[serde(default)]
    alert_amount: Option<Decimal>,
    #[serde(default)]
    service: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Alerts {
    alerts: Vec<Object<Alert>>,
}

async fn read(reaction: Reaction) -> Result<Alerts, VendorError> {
    let store = Database::sqlite();
    let stub = Stub::new([reaction]).await;
    ask(&vendor(&store.open().await), &stub).await.and_then(|answer| json(&answer))
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_unreachable() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    let nobody = free_ports(1).base();
    let plain = Stub::new([Reaction::Close]).await.url().replace("http:", "https:");
    for url in [format!("http://127.0.0.1:{nobody}/"), plain] {
        let failed = vendor.call(&Ask::request(PATIENCE), |_| request(&url)).await;
        assert_eq!(failed.unwrap_err(), VendorError::Unreachable, "{url}");
    }
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_time_that_was_given() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    let start =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{".to_vec();
    for start in [b"HTTP/1.1 200 OK\r\nx: ".to_vec(), start] {
        let stub = Stub::new([Reaction::Drip(start)]).await;
        let begun = Instant::now();
        let ask = Ask::request(Duration::from_millis(300));
        assert_eq!(vendor.call(&ask, |_| request(stub.url())).await.unwrap_err(), VendorError::Timeout);
        assert!(begun.elapsed() < PATIENCE / 2, "{:?}", begun.elapsed());
        assert_eq!(stub.seen().len(), 1, "what timed out is not repeated here");
    }
}

#[tokio::test]
async fn failures_of_the_vendor_pass_and_are_not_repeated_at_once() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    let statuses = [500, 502, 503, 504, 408];
    let failing = statuses.map(|status| Reaction::answer(status, &[JSON], b"{}"));
    let stub = Stub::new(failing.into_iter().chain([Reaction::json(r#"{"alerts":[]}"#)])).await;
    for status in statuses {
        let failed = vendor.call(&Ask::request(PATIENCE), |_| request(stub.url())).await.unwrap_err();
        assert_eq!(failed, VendorError::Failing { status });
        assert!(failed.is_outage());
    }
    let answer = ask(&vendor, &stub).await.unwrap();
    assert_eq!(json::<Alerts>(&answer), Ok(Alerts { alerts: Vec::new() }));
    assert_eq!(stub.seen().len(), statuses.len() + 1);
}

#[tokio::test]
async fn refusals_are_for_the_service_to_read() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    for status in [400, 401, 403, 404, 410] {
        let stub = Stub::new([Reaction::answer(status, &[("content-type", "text/html")], b"<html>")]).await;
        let answer = ask(&vendor, &stub).await.unwrap();
        assert_eq!(answer.status.as_u16(), status);
        assert!(json::<Alerts>(&answer).is_err());
    }
}

#[tokio::test]
async fn nothing_but_a_whole_document_of_the_right_shape_is_read() {
    let bodies: [&[u8]; 12] = [
        b"",
        b"<html>Just a moment</html>",
        b"null",
        b"[]",
        b"{}",
        b"{\"alerts\":null}",
        b"{\"alerts\":{}}",
        b"{\"alerts\":[",
        b"{\"alerts\":[]",
        b"{\"alerts\":[[]]}",
        b"{\"alerts\":[null]}",
        b"\xef\xbb\xbf{\"alerts\":[]}",
    ];
    for body in bodies {
        let outcome = read(Reaction::answer(200, &[JSON], body)).await;
        assert!(matches!(outcome, Err(VendorError::Unusable(_))), "{body:?}: {outcome:?}");
        assert!(outcome.unwrap_err().is_outage(), "it is tried again, or ends as an error");
    }
    for kind in ["text/html", "text/plain; charset=utf-8", "application/octet-stream"] {
        let outcome = read(Reaction::answer(200, &[("content-type", kind)], b"{\"alerts\":[]}")).await;
        assert_eq!(outcome, Err(VendorError::Unusable("content type")), "{kind}");
    }
    assert_eq!(
        read(Reaction::answer(200, &[], b"{\"alerts\":[]}")).await,
        Err(VendorError::Unusable("content type"))
    );
    assert_eq!(read(Reaction::json("{\"alerts\":[]}")).await, Ok(Alerts { alerts: Vec::new() }));
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_no_answer() {
    let half =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"alerts\":[]}";
    assert_eq!(read(Reaction::SayAndClose(half.to_vec())).await, Err(VendorError::Unreachable));
}

#[tokio::test]
async fn numbers_times_and_texts_come_as_they_were_sent() {
    let sent = r#"[{"alertAmount":1e21,"updatedAt":"2025-01-11T04:45:08.107532","service":"A Very Long Name 김재원"},
        {"alertAmount":0.00000001,"updatedAt":"2025-01-11T05:21:02.350+00:00"},
        {"alertAmount":1820.170,"updatedAt":"2025-01-11T14:21:02+09:00","more":{"of":["it"]}},
        {"alertAmount":"1820.17","updatedAt":"2025-01-11T05:21:02Z"},{"alertAmount":null}]"#;
    let database = Database::sqlite();
    let stub = Stub::new([Reaction::json(sent)]).await;
    let answer = ask(&vendor(&database.open().await), &stub).await.unwrap();
    let alerts: Vec<Alert> = json_list(&answer).unwrap();
    let amounts: Vec<_> = alerts.iter().map(|it| it.alert_amount.as_ref().map(Decimal::as_str)).collect();
    assert_eq!(
        amounts,
        [Some("1000000000000000000000"), Some("0.00000001"), Some("1820.170"), Some("1820.17"), None]
    );
    let times = alerts.iter().filter_map(|it| it.updated_at.as_deref());
    let times: Vec<_> = times.map(|text| parse_vendor_time(text).map(format_time).unwrap()).collect();
    assert_eq!(
        times,
        [
            "2025-01-11T04:45:08.107Z",
            "2025-01-11T05:21:02.350Z",
            "2025-01-11T05:21:02.000Z",
            "2025-01-11T05:21:02.000Z"
        ]
    );
    let name = alerts[0].service.as_deref().unwrap();
    assert_eq!(cut(name, 19), "A Very Long Name 김재");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Stub::new([Reaction::json("{\"alerts\":[]}")]).await;
    for status in [301, 302, 303, 307, 308] {
        let url = elsewhere.url();
        let outcome = read(Reaction::answer(status, &[("location", url.as_str())], b"")).await;
        assert_eq!(outcome, Err(VendorError::Unusable("redirect")), "{status}");
    }
    assert!(elsewhere.seen().is_empty(), "nobody else saw the key");
}

#[tokio::test]
async fn an_encoded_answer_is_not_usable_and_was_not_asked_for() {
    let database = Database::sqlite();
    let gzip = [JSON, ("content-encoding", "gzip")];
    let stub = Stub::new([Reaction::answer(200, &gzip, b"\x1f\x8b\x08\x00")]).await;
    let failed = ask(&vendor(&database.open().await), &stub).await.unwrap_err();
    assert_eq!(failed, VendorError::Unusable("encoded body"));
    let seen = stub.seen()[0].text.to_ascii_lowercase();
    assert!(!seen.contains("accept-encoding"), "{seen}");
    assert!(seen.contains("accept: application/json"), "{seen}");
}

#[tokio::test]
async fn bodies_without_a_length_are_read_up_to_a_limit() {
    let start = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let chunked =
        format!("{start}transfer-encoding: chunked\r\n\r\n5\r\n{{\"ale\r\n8\r\nrts\":[]}}\r\n0\r\n\r\n");
    let until_the_end = format!("{start}connection: close\r\n\r\n{{\"alerts\":[]}}");
    for text in [chunked, until_the_end] {
        assert_eq!(read(Reaction::SayAndClose(text.into_bytes())).await, Ok(Alerts { alerts: Vec::new() }));
    }
    let database = Database::sqlite();
    let stub =
        Stub::new([Reaction::json(&format!("{{\"alerts\":[],\"more\":\"{}\"}}", "x".repeat(2000)))]).await;
    let vendor = vendor(&database.open().await);
    let failed = vendor.call(&Ask::request(PATIENCE), |_| request(stub.url()).at_most(1000)).await;
    assert_eq!(failed.unwrap_err(), VendorError::Unusable("too large"));
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_replaced() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    let Reaction::Say(bytes) = Reaction::json("{\"alerts\":[]}") else { unreachable!() };
    let stub = Stub::new([Reaction::SayAndClose(bytes.clone()), Reaction::Say(bytes)]).await;
    for _ in 0..2 {
        ask(&vendor, &stub).await.unwrap();
    }
}

#[tokio::test]
async fn a_lost_connection_means_one_more_call_prepared_anew() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    let stub = Stub::new([Reaction::Close, Reaction::json("{\"alerts\":[]}")]).await;
    let prepared = Arc::new(AtomicU32::new(0));
    let prepare = |at: Timestamp| {
        assert_eq!(at, MockClock::default().now(), "the time of now, for the signature");
        let number = prepared.fetch_add(1, Ordering::SeqCst);
        Request::get(Url::parse(&format!("{}?n={number}", stub.url())).unwrap())
    };
    assert!(vendor.call(&Ask::request(PATIENCE), prepare).await.is_ok());
    let seen = stub.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen[0].text.contains("?n=0 ") && seen[1].text.contains("?n=1 "));
}

#[tokio::test]
async fn it_is_one_repetition_and_only_where_it_is_allowed() {
    let database = Database::sqlite();
    let vendor = vendor(&database.open().await);
    for (ask, times) in [(Ask::poll(PATIENCE), 2), (Ask::poll(PATIENCE).once(), 1)] {
        let stub = Stub::new([Reaction::Close]).await;
        let failed = vendor.call(&ask, |_| request(stub.url())).await.unwrap_err();
        assert_eq!((failed, stub.seen().len()), (VendorError::Unreachable, times));
    }
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let shown = format!("{:?} {:?}", request("http://127.0.0.1/0xADDRESS"), Ask::request(PATIENCE));
    assert!(!shown.contains(KEY) && !shown.contains("ADDRESS"), "{shown}");
}
