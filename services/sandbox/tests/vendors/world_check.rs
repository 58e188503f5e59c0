//! World-Check One: cases, screenings, results.

use axum::http::Method;
use serde_json::{Value, json};

use crate::play::{GROUP, Play, new_case};

const SCREENED: &str = "actionType=='SCREENED_CASE'";

async fn events(play: &Play, id: &str, query: &str) -> Value {
    let answer = play.wc_post(&format!("/v2/cases/{id}/auditEvents"), &json!({"query": query})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn results(play: &Play, id: &str) -> Vec<Value> {
    play.wc_get(&format!("/v2/cases/{id}/results")).await.json().as_array().unwrap().clone()
}

async fn summary(play: &Play, id: &str) -> Value {
    play.wc_get(&format!("/v2/cases/{id}?aggregatedSummary=true")).await.json()
}

#[tokio::test]
async fn a_case_is_made_screened_and_found_empty() {
    let play = Play::new();
    let mut body = new_case("Taylor Robbins");
    body["caseId"] = json!("0e5c3a52-6c0e-4b8a-9a55-3f3a9d1c2b10-OUTGOING-1684413585263");
    body["secondaryFields"] = json!([{"typeId": "SFCT_2", "dateTimeValue": "1990-05-17"}]);
    let created = play.wc_post("/v2/cases", &body).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.headers["date"], "Thu, 18 May 2023 12:39:45 GMT");
    let created = created.json();
    let id = created["caseSystemId"].as_str().unwrap().to_owned();
    assert!(
        id.len() == 25 && id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()),
        "{id}"
    );
    assert_eq!(created["caseId"], body["caseId"]);
    assert_eq!(created["creationDate"], "2023-05-18T12:39:45.263Z");
    assert_eq!(
        created["secondaryFields"],
        json!([{"typeId": "SFCT_2", "value": null, "dateTimeValue": "1990-05-17"}])
    );
    assert_eq!(created["aggregatedResultSummaries"], Value::Null);
    assert_eq!(events(&play, &id, SCREENED).await, json!({"totalResultCount": 0, "results": []}));

    let screening = play.wc(Method::POST, &format!("/v2/cases/{id}/screeningRequest"), "").await;
    assert_eq!((screening.status.as_u16(), &*screening.text()), (201, ""));
    play.wait(1_999);
    assert_eq!(events(&play, &id, SCREENED).await["totalResultCount"], 0);
    assert_eq!(results(&play, &id).await, Vec::<Value>::new(), "not yet");
    play.wait(1);
    let event = &events(&play, &id, SCREENED).await["results"][0];
    assert_eq!(event["eventDate"], "2023-05-18T12:39:47.263Z");
    assert_eq!(event["details"]["statusCode"], "COMPLETED");
    assert_eq!(event["details"]["startScreeningDate"], "2023-05-18T12:39:45.263Z");
    assert_eq!(results(&play, &id).await, Vec::<Value>::new(), "none");
    let case = summary(&play, &id).await;
    assert_eq!(case["lastScreenedDatesByProviderType"], json!({"WATCHLIST": "2023-05-18T12:39:47.263Z"}));
    let watchlist = &case["aggregatedResultSummaries"]["watchlist"];
    assert_eq!(watchlist["watchlistTotalMatches"], 0);
    assert!(case.to_string().ends_with(r#""clientWatchlistReviewRequired":0}}}"#), "as the example ends");
}

#[tokio::test]
async fn every_name_is_found_as_its_row_says() {
    let play = Play::new();
    let strengths = async |name: &str| -> Vec<String> {
        let found = results(&play, &play.screened(name).await).await;
        found.iter().map(|result| result["matchStrength"].as_str().unwrap().to_owned()).collect()
    };
    for (name, expected) in [
        ("Taylor Robbins", &[][..]),
        ("Vesna Weakmatch", &["WEAK"]),
        ("Milo Mediummatch", &["MEDIUM"]),
        ("strongmatch STIG", &["STRONG"]),
        ("Ella Exactmatch", &["EXACT"]),
        ("Blackwood Morgan", &["EXACT"]),
        ("Exactmatch Holdings Ltd", &["EXACT"]),
        ("Severin Severalmatch", &["WEAK", "STRONG", "MEDIUM"]),
        ("Uma Unknownstrength", &["WEAK", "CERTAIN"]),
        ("Sumi Longsummary", &["MEDIUM"]),
        ("Nora Nullfields", &["MEDIUM"]),
        ("Wanda Wideletter", &["STRONG"]),
    ] {
        assert_eq!(strengths(name).await, expected, "{name}");
    }
    let many = strengths("Manny Manymatch").await;
    assert_eq!((many.len(), many.iter().max().unwrap().as_str()), (1_200, "WEAK"));
    assert_eq!(many.iter().filter(|strength| *strength == "STRONG").count(), 1);

    let long = play.screened("Sumi Longsummary").await;
    let long = summary(&play, &long).await["aggregatedResultSummaries"].to_string();
    assert!(long.chars().count() > 4_096);
    let wide = results(&play, &play.screened("Wanda Wideletter").await).await;
    assert!(wide[0]["primaryName"].as_str().unwrap().chars().any(|letter| letter.len_utf8() == 4));
    let bare = results(&play, &play.screened("Nora Nullfields").await).await;
    let nulls = bare[0].as_object().unwrap().values().filter(|value| value.is_null()).count();
    assert_eq!(nulls, bare[0].as_object().unwrap().len() - 2);

    let never = play.screened("Nell Neverscreened").await;
    play.wait(30 * 24 * 3_600_000);
    assert_eq!(events(&play, &never, "eventDate>=2020-01-01T00:00:00Z").await["totalResultCount"], 0);

    let refused = play.wc_post("/v2/cases", &new_case("Mandy Mandatoryfield")).await;
    assert_eq!((refused.status.as_u16(), &refused.json()[0]["objectId"]), (400, &json!("SFCT_2")));
    let mut born = new_case("Mandy Mandatoryfield");
    born["secondaryFields"] = json!([{"typeId": "SFCT_2", "dateTimeValue": "1990"}]);
    assert_eq!(play.wc_post("/v2/cases", &born).await.status, 201);
}

#[tokio::test]
async fn the_status_of_many_cases_is_told_at_once() {
    let play = Play::new();
    let early = play.screened("Ella Exactmatch").await;
    let late = play.case("Taylor Robbins").await;
    let asked = |id: &str, from: &str| json!({"caseSystemId": id, "dateFrom": from});
    let from = "2023-05-18T12:39:45.000Z";
    let body = json!({"screeningStatusRequests": [asked(&early, from), asked(&late, from)]});
    let told = play.wc_post("/v2/cases/screeningStatus", &body).await.json();
    let expected = json!([
        {"caseSystemId": early, "screeningStatus": "SCREENED", "requestFromScreenedDate": from,
         "lastScreenedDate": "2023-05-18T12:39:47.263Z",
         "providerSummaries": {"WATCHLIST": {"totalMatches": 1, "reviewRequired": 0, "unresolved": 1}}},
        {"caseSystemId": late, "screeningStatus": "NOT_SCREENED", "requestFromScreenedDate": from,
         "providerSummaries": {"WATCHLIST": {"totalMatches": 0, "reviewRequired": 0, "unresolved": 0}}},
    ]);
    assert_eq!(told, expected);

    let after = json!({"screeningStatusRequests": [asked(&early, "2023-05-18T12:39:48Z")], "providerTypes": ["WATCHLIST"]});
    let told = &play.wc_post("/v2/cases/screeningStatus", &after).await.json()[0];
    assert_eq!(told["screeningStatus"], Value::Null, "it stands in each provider instead");
    assert_eq!(told["providerSummaries"]["WATCHLIST"]["status"], "NOT_SCREENED");

    let refused = async |count: usize, id: &str| {
        let body = json!({"screeningStatusRequests": vec![asked(id, from); count]});
        let answer = play.wc_post("/v2/cases/screeningStatus", &body).await;
        (answer.status.as_u16(), answer.json()[0]["error"].clone())
    };
    assert_eq!(refused(50, &early).await.0, 200);
    assert_eq!(refused(51, &early).await, (400, json!("INVALID_BATCH_SIZE")));
    assert_eq!(refused(0, &early).await, (400, json!("INVALID_BATCH_SIZE")));
    assert_eq!(refused(1, "nowhere").await, (404, json!("CASE_NOT_FOUND")));
}

#[tokio::test]
async fn events_are_selected_by_date_and_the_last_week_is_usual() {
    let play = Play::new();
    let id = play.screened("Ella Exactmatch").await;
    let count = async |query: &str| events(&play, &id, query).await["totalResultCount"].clone();
    assert_eq!(count("actionType==SCREENED_CASE;eventDate>=2023-05-18T12:39:47Z").await, 1);
    assert_eq!(count("actionType==SCREENED_CASE;eventDate>=2023-05-18T12:39:48Z").await, 0);
    assert_eq!(count("actionType==SAVED_CASE").await, 0);
    play.wait(169 * 3_600_000);
    assert_eq!(count(SCREENED).await, 0, "older than a week");
    assert_eq!(count("eventDate>=2023-05-18T12:39:45Z;actionType==SCREENED_CASE").await, 1);
    play.set("refinitiv", json!({"auditWindowHours": 200})).await;
    assert_eq!(count(SCREENED).await, 1);

    assert_eq!(play.wc(Method::POST, &format!("/v2/cases/{id}/screeningRequest"), "").await.status, 201);
    play.wait(2_000);
    let both = events(&play, &id, "eventDate>=2023-05-18T12:39:45Z").await;
    assert_eq!(both["totalResultCount"], 2);
    let new: Vec<_> = [0, 1].map(|at| both["results"][at]["details"]["noOfNewResults"].clone()).into();
    assert_eq!(new, [0, 1], "newest first, and it found nothing new");
    let page = json!({"query": "eventDate>=2023-05-18T12:39:45Z", "pagination": {"currentPage": 2, "itemsPerPage": 1}});
    let page = play.wc_post(&format!("/v2/cases/{id}/auditEvents"), &page).await.json();
    assert_eq!((&page["totalResultCount"], page["results"].as_array().unwrap().len()), (&json!(2), 1));
    let answer = play.wc_post(&format!("/v2/cases/{id}/auditEvents"), &json!({"query": "nonsense"})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()[0]["error"]), (400, &json!("INVALID_QUERY")));
}

#[tokio::test]
async fn a_case_whose_answer_was_lost_is_found_by_its_id() {
    let play = Play::new();
    let is_taken =
        async |id: &str| play.wc(Method::HEAD, &format!("/v2/caseIdentifiers?caseId={id}"), "").await.status;
    assert_eq!(is_taken("mine-1").await, 404);
    let mut body = new_case("Taylor Robbins");
    body["caseId"] = json!("mine-1");
    let made = play.wc_post("/v2/cases", &body).await.json();
    assert_eq!(is_taken("mine-1").await, 200);
    let again = play.wc_post("/v2/cases", &body).await;
    let cause = "Case IDs must be unique within the same client and request.";
    assert_eq!(again.status, 400);
    assert_eq!(again.json(), json!([{"error": "CASE_ID_EXISTS", "cause": cause, "objectId": "mine-1"}]));
    let found = play.wc_get("/v2/caseReferences?caseId=mine-1").await.json();
    assert_eq!(found, json!({"caseId": "mine-1", "caseSystemId": made["caseSystemId"]}));
    assert_eq!(play.wc_get("/v2/caseReferences?caseId=mine-2").await.status, 404);
}

#[tokio::test]
async fn a_case_can_be_made_and_screened_in_one_call() {
    let play = Play::new();
    let answer = play.wc_post("/v2/cases/screeningRequest", &new_case("Ella Exactmatch")).await;
    assert_eq!(answer.status, 200);
    let case = answer.json();
    assert_eq!(case["results"][0]["matchStrength"], "EXACT");
    let id = play.case("Stig Strongmatch").await;
    let path = format!("/v2/cases/{id}/screeningRequest");
    let answer = play.wc_post(&path, &json!({"screeningMode": "SYNC"})).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["results"][0]["matchStrength"]),
        (200, &json!("STRONG"))
    );
    assert_eq!(answer.json()["case"]["caseSystemId"], json!(id));
}

#[tokio::test]
async fn the_group_has_a_template() {
    let play = Play::new();
    let groups = play.wc_get("/v2/groups").await.json();
    assert_eq!(groups[0]["id"], GROUP);
    assert_eq!(play.wc_get(&format!("/v2/groups/{GROUP}")).await.json(), groups[0]);
    assert_eq!(play.wc_get("/v2/groups/other").await.status, 404);
    let template = async || {
        let template = play.wc_get(&format!("/v2/groups/{GROUP}/caseTemplate")).await.json();
        template["secondaryFieldsByProvider"]["watchlist"]["secondaryFieldsByEntity"]["individual"].clone()
    };
    let birth = &template().await[1];
    assert_eq!((&birth["typeId"], &birth["fieldRequired"]), (&json!("SFCT_2"), &json!(false)));
    play.set("refinitiv", json!({"mandatoryFields": ["SFCT_2"]})).await;
    assert_eq!(template().await[1]["fieldRequired"], true);
    assert_eq!(play.wc_post("/v2/cases", &new_case("Taylor Robbins")).await.status, 400);
    let mut company = new_case("A Company");
    company["entityType"] = json!("ORGANISATION");
    assert_eq!(play.wc_post("/v2/cases", &company).await.status, 201);
}
