//! A member's trace goes on in what its messages cause.

use axum::http::HeaderMap;

use crate::fixture::*;
use crate::house::{House, PATIENCE};

const THEIRS: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The trace with which our backend is asked about a question that came with this one.
async fn trace_at_the_backend(settings: &[(&'static str, &'static str)], theirs: &'static str) -> String {
    let (house, uuid) = (House::with(settings).await, uuid(1));
    let letter = house.question(ROBOT, uuid, &payload()).await;
    let with_trace = |headers: &mut HeaderMap, _: &mut String| {
        drop(headers.insert("traceparent", theirs.parse().unwrap()))
    };
    assert!(house.send_tampered(&letter, with_trace).await.signed);
    house.start();
    let asked = waybill_testkit::eventually("the backend is asked", PATIENCE, || async {
        house.backend.heard().pop()
    });
    asked.await.headers["traceparent"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_trace_of_a_member_goes_on_at_our_backend() {
    let ours = trace_at_the_backend(&[], THEIRS).await;
    assert_eq!(ours[..36], THEIRS[..36], "the same trace");
    assert_ne!(ours, THEIRS, "its next step");
}

#[tokio::test]
async fn it_goes_on_in_the_commands_too() {
    let settings = [("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "0s")];
    let ours = trace_at_the_backend(&settings, THEIRS).await;
    assert_eq!(ours[..36], THEIRS[..36], "the same trace");
}

#[tokio::test]
async fn what_is_no_trace_starts_a_new_one() {
    let ours = trace_at_the_backend(&[], "Taylor").await;
    assert!(ours.starts_with("00-") && ours.len() == THEIRS.len(), "{ours}");
}
