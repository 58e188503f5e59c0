//! Every documented input is tried, and the documentation lists exactly those.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use common::{Answer, Fixture, ROBOT, TAYLORS, account_request, set, verification_request};
use serde_json::Value;
use waybill_sandbox::{
    Case, Endpoint, cases, customers_table, magic_table, vendor_addresses_table, vendor_faults_table,
    vendor_names_table,
};

/// The request that the backend gets of a case.
fn request_of(case: &Case) -> Value {
    let mut request = match case.endpoint {
        Endpoint::Account => account_request(),
        _ => verification_request(),
    };
    for (path, json) in &case.edits {
        set(&mut request, path.trim_start_matches("payload."), serde_json::from_str(json).unwrap());
    }
    request
}

/// What was answered, in the words of the table.
fn described(case: &Case, request: &Value, answer: &Result<Answer, axum::Error>, took: Duration) -> String {
    let Ok(answer) = answer else { return "closes the connection without an answer".to_owned() };
    if answer.status != 200 {
        return format!("HTTP {}", answer.status.as_u16());
    }
    if took > Duration::ZERO {
        let limit = took - Duration::from_millis(500);
        return format!("answers half a second after the limit of {} s", limit.as_secs());
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        return "200 with a body that is no JSON".to_owned();
    };
    let result_key = if case.endpoint == Endpoint::Account { "accountVerificationResult" } else { "result" };
    let words: Vec<&str> =
        [&body[result_key], &body["reason"]].into_iter().filter_map(Value::as_str).collect();
    let mut words = words.join(" ");
    if let Some(message) = body["message"].as_str() {
        words += &format!(" \"{message}\"");
    }
    if words.starts_with("MAYBE") {
        return "a result that the interface does not know: MAYBE".to_owned();
    }
    if answer.headers["content-type"] == "text/html" {
        return "the right answer under text/html".to_owned();
    }
    if answer.body.len() > 1024 * 1024 {
        return "the right answer with 1 MiB of padding".to_owned();
    }
    let beneficiary = &body["ivms101"]["beneficiary"];
    if case.endpoint == Endpoint::Verification {
        if beneficiary["accountNumber"] != request["ivms101"]["beneficiary"]["accountNumber"] {
            words += ", but with another accountNumber";
        }
        let person = &beneficiary["beneficiaryPersons"][0]["naturalPerson"];
        if person.as_object().is_some_and(|fields| fields.len() > 1) {
            words += ", and tells all it knows, asked for or not";
        }
    }
    words
}

#[tokio::test(start_paused = true)]
async fn every_case_comes_out_as_documented() {
    let fixture = Fixture::new();
    for case in cases() {
        let request = request_of(&case);
        let before = tokio::time::Instant::now();
        let answer = fixture.try_post(ROBOT, case.endpoint.as_str(), &request).await;
        assert_eq!(described(&case, &request, &answer, before.elapsed()), case.answer);
    }
}

#[test]
fn every_reason_has_a_case() {
    let reasons = |endpoint| {
        let cases = cases().into_iter().filter(move |case| case.endpoint == endpoint);
        let reasons = cases.filter(|case| case.answer.starts_with("DENIED"));
        reasons.map(|case| case.answer.split(' ').nth(1).unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let account = [
        "BLACKLISTED",
        "MISMATCHED-NAME",
        "UNDEFINED-ERROR",
        "UNKNOWN-ADDRESS",
        "UNKNOWN-NETWORK",
        "UNKNOWN-SYMBOL",
        "UNVERIFIED-KYC",
    ];
    assert_eq!(reasons(Endpoint::Account), account.map(str::to_owned).into());
    let more = ["LACK-OF-INFORMATION", "NOT-ALLOWED", "UNAVAILABLE-INFORMATION"];
    let all = account.into_iter().chain(more).map(str::to_owned).collect();
    assert_eq!(reasons(Endpoint::Verification), all);
    assert!(cases().iter().any(|case| case.answer.starts_with("ERROR UNDEFINED-ERROR")));
}

#[test]
fn the_documentation_lists_the_customers_and_the_cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/SANDBOX.md");
    let written = std::fs::read_to_string(path).unwrap();
    let mut right = written.clone();
    for (name, table) in [
        ("customers", customers_table()),
        ("cases", magic_table()),
        ("vendor addresses", vendor_addresses_table()),
        ("vendor names", vendor_names_table()),
        ("vendor faults", vendor_faults_table()),
    ] {
        let (begin, end) = (format!("<!-- {name}: generated -->\n"), format!("<!-- {name}: end -->"));
        let start = right.find(&begin).unwrap() + begin.len();
        let stop = right.find(&end).unwrap();
        right.replace_range(start..stop, &table);
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &right).unwrap();
        return;
    }
    assert!(
        written == right,
        "docs/SANDBOX.md is out of date; run: UPDATE_DOCS=1 cargo test -p waybill-sandbox --test cases"
    );
    assert!(right.contains(TAYLORS));
}
