//! From a request to its result.

use serde_json::{Value, json};
use waybill_domain::{Direction, MatchStrength, ScreeningOrigin, ScreeningStatus, codes};
use waybill_jobs::CallbackType;

use crate::house::{House, OURS, PEER, legal, natural, quick, taylor};
use crate::vendor::{Op, template};

#[tokio::test]
async fn a_person_is_screened_and_the_result_called_back() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["WEAK", "STRONG", "MEDIUM"]);
    let uuid = house.verification(1, taylor()).await;
    let request_id = house.ask(uuid).await.unwrap();
    let row = house.processed(&request_id).await;

    assert_eq!((row.direction, row.counterparty_vasp_id), (Direction::Outgoing, PEER));
    assert_eq!((row.match_strength, row.total_matches), (Some(MatchStrength::Strong), Some(3)));
    assert_eq!((row.origin, row.due_at, row.worker_id.clone()), (ScreeningOrigin::Api, None, None));
    assert_eq!(row.key_id.as_deref().map(str::len), Some(8));
    assert_eq!(row.assessed_at, Some(house.vendor.now()));
    let stored = house.vendor.lock().cases[0].clone();
    assert_eq!(row.case_system_id, stored.id);
    let summary = house.summary(&row);
    assert_eq!(summary["aggregatedResultSummaries"]["watchlist"]["watchlistTotalMatches"], 3);
    assert_eq!((&summary["name"], summary.get("creator")), (&json!("Taylor Robbins"), None));

    let callbacks = house.callbacks(uuid).await;
    assert_eq!(callbacks.len(), 1);
    assert_eq!(callbacks[0].callback_type, CallbackType::RefinitivWcoResult);
    assert_eq!(callbacks[0].request_id.as_deref(), Some(&*request_id));
    assert!(house.vendor.lock().refused.is_empty(), "each request was signed well");
}

#[tokio::test]
async fn the_case_says_who_and_for_what() {
    let house = House::new().await;
    let more = json!({"nationality": "KR", "countryOfResidence": "GB", "dateAndPlaceOfBirth": {"dateOfBirth": "1990-01-02", "placeOfBirth": "US"}});
    let uuid = house.verification(1, json!([natural("Robbins", "Taylor", more)])).await;
    let request_id = house.ask(uuid).await.unwrap();
    house.processed(&request_id).await;
    let millis = house.row(&request_id).await.created_at.timestamp_millis();
    let expected = json!({
        "caseId": format!("{uuid}-OUTGOING-{millis}"), "groupId": "g1", "entityType": "INDIVIDUAL",
        "providerTypes": ["WATCHLIST"], "name": "Taylor Robbins", "customFields": [],
        "secondaryFields": [
            {"typeId": "SFCT_2", "dateTimeValue": "1990-01-02"},
            {"typeId": "SFCT_3", "value": "GBR"},
            {"typeId": "SFCT_4", "value": "USA"},
            {"typeId": "SFCT_5", "value": "KOR"},
        ],
    });
    assert_eq!(house.vendor.bodies(Op::Create), [expected]);
    assert_eq!(house.vendor.lock().journal.iter().find(|(op, _)| *op == Op::Screen).unwrap().1, "");
}

#[tokio::test]
async fn fields_that_the_template_does_not_have_are_not_sent() {
    let house = House::new().await;
    house.vendor.lock().template = template(&["SFCT_2"], &[]);
    let uuid = house.verification(1, taylor()).await;
    let first = house.ask(uuid).await.unwrap();
    let second = house.ask(uuid).await.unwrap();
    house.processed(&first).await;
    house.processed(&second).await;
    assert_eq!(house.vendor.bodies(Op::Create)[0]["secondaryFields"], json!([]));
    assert_eq!(house.asked(&house.cases(&first).await[0])["secondaryFields"], json!([]), "as it was sent");
    assert_eq!(house.vendor.count(Op::Template), 1, "it is kept for a while");
    house.clock.advance(std::time::Duration::from_secs(3601));
    house.ask(uuid).await.unwrap();
    assert_eq!(house.vendor.count(Op::Template), 2);
}

#[tokio::test]
async fn every_person_has_a_case_and_the_strongest_speaks_for_all() {
    let house = House::new().await;
    house.vendor.results("A Company Ltd", &["WEAK"]);
    house.vendor.results("Riley Example", &["EXACT", "WEAK"]);
    let persons = json!([
        legal("A Company Ltd", "KR"),
        natural("Robbins", "Taylor", json!({})),
        natural("Example", "Riley", json!({})),
    ]);
    let uuid = house.verification(1, persons).await;
    let row = house.processed(&house.ask(uuid).await.unwrap()).await;
    assert_eq!((row.match_strength, row.total_matches), (Some(MatchStrength::Exact), Some(3)));
    assert_eq!(house.summary(&row)["name"], "Riley Example");
    let cases = house.cases(&row.request_id).await;
    assert_eq!(row.case_system_id, cases[2].case_system_id.clone().unwrap());
    assert!(cases[1].case_id.ends_with("-2") && cases[2].case_id.ends_with("-3"));
    let bodies = house.vendor.bodies(Op::Create);
    let company =
        json!({"entityType": "ORGANISATION", "secondaryFields": [{"typeId": "SFCT_6", "value": "KOR"}]});
    assert_eq!(bodies[0]["entityType"], company["entityType"]);
    assert_eq!(bodies[0]["secondaryFields"], company["secondaryFields"]);
    assert_eq!(house.vendor.count(Op::Status), 1, "all of them in one question");
    assert_eq!(house.callbacks(uuid).await.len(), 1);
}

#[tokio::test]
async fn nothing_found_is_no_match_once_it_was_screened() {
    let house = House::new().await;
    let row = house.processed(&house.ask(house.verification(1, taylor()).await).await.unwrap()).await;
    assert_eq!((row.match_strength, row.total_matches), (None, Some(0)));
    assert!(!row.case_system_id.is_empty());
}

#[tokio::test]
async fn the_beneficiary_screens_the_originator_after_its_own_answer() {
    let house = House::new().await;
    let persons = json!([natural("Barnes", "Robert", json!({}))]);
    let uuid = house.stored(1, PEER, OURS, persons, taylor()).await;
    let waiting = codes::unsupported_risk_assessment("The verification has no result yet");
    assert_eq!(house.ask(uuid).await, Err(waiting));
    house.verified(uuid).await;
    let row = house.processed(&house.ask(uuid).await.unwrap()).await;
    assert_eq!(row.direction, Direction::Incoming);
    let body = &house.vendor.bodies(Op::Create)[0];
    assert_eq!(body["name"], "Robert Barnes");
    assert!(body["caseId"].as_str().unwrap().starts_with(&format!("{uuid}-INCOMING-")));
}

#[tokio::test]
async fn a_payload_takes_the_place_of_what_the_verification_says() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    let party = json!({"beneficiaryPersons": [natural("Example", "Riley", json!({}))]});
    let payload = |ivms101: Value| Some(json!({"version": "1.0", "ivms101": ivms101}));
    let request_id = house.ask_with(uuid, payload(json!({"beneficiary": party})), None).await.unwrap();
    house.processed(&request_id).await;
    assert_eq!(house.vendor.bodies(Op::Create)[0]["name"], "Riley Example");
    let other_side = house.ask_with(uuid, payload(json!({"originator": party})), None).await.unwrap_err();
    assert_eq!((other_side.status, &*other_side.code), (400, "MISSING-BENEFICIARY"));
    assert_eq!(house.vendor.count(Op::Create), 1);
}

#[tokio::test]
async fn who_is_nobody_cannot_be_screened() {
    let house = House::new().await;
    let uuid = house.verification(1, json!([])).await;
    let refused = house.ask(uuid).await.unwrap_err();
    assert_eq!((refused.status, &*refused.code), (400, "UNSUPPORTED-RISK-ASSESSMENT"));
    let unknown = waybill_domain::VerificationUuid::from_random([99; 16]);
    assert_eq!(house.ask(unknown).await, Err(codes::not_found_verification(unknown)));
    assert!(house.vendor.lock().journal.is_empty());
}

#[tokio::test]
async fn without_credentials_the_missing_setting_is_named() {
    for (name, setting) in [
        ("api_key", "refinitiv.api_key"),
        ("api_secret", "refinitiv.api_secret"),
        ("group_id", "refinitiv.group_id"),
    ] {
        let house = House::with(&[(name, "")], quick()).await;
        let uuid = house.verification(1, taylor()).await;
        assert_eq!(house.ask(uuid).await, Err(codes::screening_not_configured(setting)));
    }
}

#[tokio::test]
async fn nothing_of_a_person_is_on_disk_in_clear() {
    let house = House::new().await;
    house.vendor.results("Taylor Robbins", &["WEAK"]);
    let row = house.processed(&house.ask(house.verification(1, taylor()).await).await.unwrap()).await;
    assert_eq!(row.status, ScreeningStatus::Processed);
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds("Robbins") && !holds("sandbox-secret") && !holds("watchlistTotalMatches"));
    }
    let database = std::fs::read(house.folder.join("test.sqlite-wal")).unwrap_or_default();
    let main = std::fs::read(house.folder.join("test.sqlite")).unwrap();
    let id = row.request_id.as_bytes();
    let positive = [database, main].iter().any(|bytes| bytes.windows(id.len()).any(|window| window == id));
    assert!(positive, "the row is where it was looked for");
}

/// V5n: where the vendor signs queries, so do we.
#[tokio::test]
async fn the_query_is_signed_where_the_setting_says_so() {
    let house = House::with(&[("sign_query", "true")], quick()).await;
    house.vendor.lock().sign_query = true;
    house.processed(&house.ask(house.verification(1, taylor()).await).await.unwrap()).await;
    assert!(house.vendor.lock().refused.is_empty());
}

/// F26: 5000 results, a long summary, a name beyond the basic plane.
#[tokio::test]
async fn f26_sizes_are_bounded_and_the_summary_is_whole() {
    let house = House::new().await;
    let name = "Taylor 🜛𝒜";
    house.vendor.results(name, &["WEAK"; 5000]);
    house.vendor.lock().categories = 500;
    let uuid = house.verification(1, json!([natural("🜛𝒜", "Taylor", json!({}))])).await;
    let row = house.processed(&house.ask(uuid).await.unwrap()).await;
    assert_eq!((row.match_strength, row.total_matches), (Some(MatchStrength::Weak), Some(5000)));
    assert_eq!(house.summary(&row)["aggregatedResultSummaries"]["watchlist"]["watchlistTotalMatches"], 5000);
    assert_eq!(house.vendor.bodies(Op::Create)[0]["name"], name);
}
