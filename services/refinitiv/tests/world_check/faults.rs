//! The fault model, line by line.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{MatchStrength, ScreeningStatus};
use waybill_refinitiv::Pacing;

use crate::house::{House, quick, taylor};
use crate::vendor::{Fault, Op};

const SHORT: (&str, &str) = ("timeout", "400ms");

async fn begun(house: &House) -> String {
    let uuid = house.verification(1, taylor()).await;
    house.ask(uuid).await.unwrap()
}

/// F1: nobody is there. The request is taken on, and finished when the vendor is back.
#[tokio::test]
async fn f1_a_vendor_that_is_away_is_waited_for() {
    let house = House::with(&[("url", "http://127.0.0.1:9/v2"), SHORT], quick()).await;
    let request_id = begun(&house).await;
    let row = house.until(&request_id, |row| row.failing_since.is_some()).await;
    assert_eq!(row.status, ScreeningStatus::Registered);
    house.another_process(&[], quick()).await;
    house.processed(&request_id).await;
}

/// F2: the case is created and its answer lost; it is found again and not created twice.
#[tokio::test]
async fn f2_a_case_whose_creation_was_not_answered_is_found_again() {
    let house = House::with(&[SHORT], quick()).await;
    house.vendor.fault(Op::Create, Fault::Silent);
    let row = house.processed(&begun(&house).await).await;
    assert_eq!((house.vendor.count(Op::Create), house.vendor.count(Op::Reference)), (2, 1));
    let inner = house.vendor.lock();
    assert_eq!((inner.cases.len(), inner.cases[0].screenings.len()), (1, 1));
    assert_eq!(row.case_system_id, inner.cases[0].id);
}

/// F2: the screening is taken on and its answer lost; it is not paid for twice.
#[tokio::test]
async fn f2_a_screening_whose_answer_was_lost_is_not_asked_for_again() {
    let house = House::with(&[SHORT], quick()).await;
    house.vendor.fault(Op::Screen, Fault::Silent);
    house.processed(&begun(&house).await).await;
    assert_eq!(house.vendor.count(Op::Screen), 1);
}

/// F2: the screening was never heard of; it is asked for again once that is certain enough.
#[tokio::test]
async fn f2_a_screening_that_was_not_heard_is_asked_for_again() {
    let house = House::with(&[SHORT], Pacing { unsure: Duration::ZERO, ..quick() }).await;
    house.vendor.fault(Op::Screen, Fault::Deaf);
    house.processed(&begun(&house).await).await;
    assert_eq!((house.vendor.count(Op::Screen), house.vendor.lock().cases[0].screenings.len()), (2, 1));
}

/// F3: the deadline is for the whole answer.
#[tokio::test]
async fn f3_an_answer_that_drips_ends_at_the_deadline() {
    let house = House::with(&[SHORT], quick()).await;
    house.vendor.fault(Op::Template, Fault::Drips);
    house.vendor.fault(Op::Case, Fault::Drips);
    house.processed(&begun(&house).await).await;
}

/// F4: all wait as long as the vendor says.
#[tokio::test]
async fn f4_too_many_requests_make_all_wait() {
    for headers in [vec![("retry-after", "1".to_owned())], Vec::new()] {
        let house = House::with(&[SHORT], quick()).await;
        house.vendor.fault(Op::Status, Fault::Says(429, headers, String::new()));
        let request_id = begun(&house).await;
        house.until_asked(Op::Status, 1).await;
        let before = tokio::time::Instant::now();
        house.processed(&request_id).await;
        assert!(before.elapsed() > Duration::from_millis(500), "{:?}", before.elapsed());
        assert!(house.vendor.lock().refused.is_empty(), "signed anew each time");
    }
}

/// F5: fails, then works.
#[tokio::test]
async fn f5_failures_are_outlasted() {
    let house = House::new().await;
    for op in [Op::Template, Op::Create, Op::Screen, Op::Status, Op::Case, Op::Results] {
        for status in [500, 502, 503, 504] {
            house.vendor.fault(op, Fault::status(status));
        }
    }
    let request_id = begun(&house).await;
    let row = house
        .until(&request_id, |row| {
            house.clock.advance(Duration::from_secs(1)); // in time it is clear whether a screening was taken on
            row.status.is_final()
        })
        .await;
    assert_eq!((row.status, row.failing_since), (ScreeningStatus::Processed, None));
    assert_eq!(house.vendor.lock().cases.len(), 1);
}

/// F10: whatever it is, it is no result.
#[tokio::test]
async fn f10_what_cannot_be_read_is_never_a_result() {
    for op in [Op::Status, Op::Case, Op::Results] {
        let house = House::new().await;
        house.vendor.results("Taylor Robbins", &["STRONG"]);
        let bodies = ["<html>", "", "null", "{", "7", "\u{feff}[]", r#"{"a":[]}"#, "[[]]"];
        for body in bodies {
            house.vendor.fault(op, Fault::Garbled(body.to_owned()));
        }
        let row = house.processed(&begun(&house).await).await;
        assert_eq!((row.match_strength, row.total_matches), (Some(MatchStrength::Strong), Some(1)), "{op:?}");
    }
}

/// F12: a word that we don't know is no weaker than those that we do.
#[tokio::test]
async fn f12_an_unknown_strength_counts_as_the_strongest() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["WEAK", "CERTAIN"]);
    let row = house.processed(&begun(&house).await).await;
    assert_eq!((row.match_strength, row.total_matches), (Some(MatchStrength::Exact), Some(2)));
}

/// F13: what is missing and may be missing is borne.
#[tokio::test]
async fn f13_missing_and_further_fields_are_borne() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    house.vendor.fault(Op::Template, Fault::Garbled("{}".to_owned()));
    let request_id = house.ask(uuid).await.unwrap();
    let id = house.vendor.lock().cases[0].id.clone();
    let status = json!([{"caseSystemId": id, "screeningStatus": "SCREENED", "more": [1]}]);
    house.vendor.fault(Op::Status, Fault::Garbled(status.to_string()));
    house.vendor.fault(Op::Case, Fault::Garbled(json!({"caseSystemId": id}).to_string()));
    house.vendor.fault(
        Op::Results,
        Fault::Garbled(r#"[{"referenceId":"e_1","matchStrength":"WEAK","x":null}]"#.to_owned()),
    );
    house.processed(&request_id).await;
    assert_eq!(
        house.vendor.bodies(Op::Create)[0]["secondaryFields"].as_array().unwrap().len(),
        1,
        "all are sent"
    );
}

/// F21: not known yet.
#[tokio::test]
async fn f21_a_case_that_is_not_known_yet_is_looked_for_again() {
    let house = House::new().await;
    house.vendor.fault(Op::Create, Fault::refusal(400, "CASE_ID_EXISTS", "x"));
    for op in [Op::Reference, Op::Screen, Op::Status, Op::Case, Op::Results] {
        house.vendor.fault(op, Fault::refusal(404, "NOT_FOUND", "unknown"));
    }
    house.processed(&begun(&house).await).await;
    assert_eq!((house.vendor.count(Op::Screen), house.vendor.lock().cases[0].screenings.len()), (2, 1));
}

/// F21: not known any more.
#[tokio::test]
async fn f21_a_case_that_stays_unknown_ends_as_error() {
    let house = House::new().await;
    house.vendor.lock().looks_before_screened = u32::MAX;
    let request_id = begun(&house).await;
    house.until_asked(Op::Status, 1).await;
    house.vendor.lock().cases.clear();
    house.clock.advance(Duration::from_secs(700));
    let row = house.ended(&request_id).await;
    assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Error, Some("CASE-NOT-FOUND")));
    assert_eq!(house.callbacks(row.verification_uuid).await.len(), 1);
}

/// F23, acceptance 6: an empty list before the screening is no answer; after it there is no match.
#[tokio::test]
async fn f23_no_results_before_the_screening_say_nothing() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["EXACT"]);
    house.vendor.lock().looks_before_screened = 5;
    let request_id = begun(&house).await;
    house.until_asked(Op::Status, 2).await;
    let row = house.until(&request_id, |row| row.status == ScreeningStatus::Checking).await;
    assert_eq!((row.total_matches, house.vendor.count(Op::Results)), (None, 0));
    let row = house.processed(&request_id).await;
    assert_eq!(row.match_strength, Some(MatchStrength::Exact));
    assert!(house.vendor.count(Op::Status) >= 6);
}

/// F23: the counts are there and the results are not.
#[tokio::test]
async fn f23_results_that_come_after_their_counts_are_waited_for() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["EXACT"]);
    for _ in 0..3 {
        house.vendor.fault(Op::Results, Fault::Garbled("[]".to_owned()));
    }
    let row = house.processed(&begun(&house).await).await;
    assert_eq!(row.match_strength, Some(MatchStrength::Exact));
}

/// F24: a screening from before we asked.
#[tokio::test]
async fn f24_an_older_screening_is_no_answer() {
    let house = House::new().await;
    house.vendor.lock().looks_before_screened = u32::MAX;
    let request_id = begun(&house).await;
    let case = house.cases(&request_id).await[0].clone();
    let old = case.screening_requested_at.unwrap() - chrono::TimeDelta::seconds(1);
    let status = json!([{
        "caseSystemId": case.case_system_id, "screeningStatus": "SCREENED", "lastScreenedDate": waybill_domain::format_time(old),
    }]);
    for _ in 0..3 {
        house.vendor.fault(Op::Status, Fault::Garbled(status.to_string()));
    }
    house.until_asked(Op::Status, 4).await;
    assert_eq!(house.vendor.count(Op::Case), 0);
    house.vendor.lock().looks_before_screened = 0;
    house.processed(&request_id).await;
}

/// F25: the question names the time of the screening, however long ago.
#[tokio::test]
async fn f25_a_long_outage_does_not_lose_the_result() {
    let house = House::with(&[("deadline", "400h")], quick()).await;
    house.vendor.lock().looks_before_screened = u32::MAX;
    let request_id = begun(&house).await;
    house.until_asked(Op::Status, 1).await;
    let asked_at = house.cases(&request_id).await[0].screening_requested_at.unwrap();
    assert!((house.vendor.now() - asked_at).num_seconds() < 5);
    house.clock.advance(Duration::from_secs(200 * 3600));
    house.vendor.lock().looks_before_screened = 0;
    house.processed(&request_id).await;
    let last = house.vendor.bodies(Op::Status).pop().unwrap();
    assert_eq!(last["screeningStatusRequests"][0]["dateFrom"], waybill_domain::format_time(asked_at));
}

/// F28: nobody else gets our signature.
#[tokio::test]
async fn f28_redirects_are_not_followed() {
    let house = House::new().await;
    let elsewhere = house.vendor.url.replace("/v2", "/elsewhere");
    for status in [301, 302, 307] {
        house
            .vendor
            .fault(Op::Case, Fault::Says(status, vec![("location", elsewhere.clone())], String::new()));
    }
    house.processed(&begun(&house).await).await;
    assert_eq!(house.vendor.count(Op::Case), 4);
}

/// F29: what was not asked for compressed is not read compressed, so nothing can swell; it is asked for again.
#[tokio::test]
async fn f29_a_compressed_answer_is_no_result() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["STRONG"]);
    let headers =
        vec![("content-type", "application/json".to_owned()), ("content-encoding", "gzip".to_owned())];
    house.vendor.fault(Op::Results, Fault::Says(200, headers, "[]".to_owned()));
    let row = house.processed(&begun(&house).await).await;
    assert_eq!((row.total_matches, house.vendor.count(Op::Results)), (Some(1), 2));
}

/// F29: chunks without a length are read like everything else.
#[tokio::test]
async fn f29_chunks_are_read() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["STRONG"]);
    for op in [Op::Template, Op::Create, Op::Status, Op::Case, Op::Results] {
        house.vendor.fault(op, Fault::Chunked);
    }
    let row = house.processed(&begun(&house).await).await;
    assert_eq!((row.total_matches, row.failing_since), (Some(1), None));
    assert_eq!(house.vendor.count(Op::Results), 1);
}

/// Acceptance 8, results that are too large: an error in the end, and never "no match".
#[tokio::test]
async fn f26_results_beyond_the_limit_end_as_error() {
    let house = House::with(&[("deadline", "1s")], quick()).await;
    let id = begun(&house).await;
    for _ in 0..200 {
        house.vendor.fault(Op::Results, Fault::Garbled(format!("[{}]", " ".repeat(17 * 1024 * 1024))));
    }
    house.until_asked(Op::Results, 1).await;
    house.clock.advance(Duration::from_secs(5));
    let row = house.ended(&id).await;
    assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Error, Some("UNUSABLE-ANSWER")));
}
