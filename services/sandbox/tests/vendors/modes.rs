//! Every way to fail that can be seen without a connection of its own.

use axum::http::Method;
use serde_json::{Value, json};

use crate::common::Answer;
use crate::play::{CLEAN, Play, Signing, attempt, magic, new_case, sanction_request, transfer};

const KYT: &str = "chainalysis-kyt";
const SANCTION: &str = "chainalysis-sanction";
const WC: &str = "refinitiv";
const ALL: [&str; 3] = [KYT, SANCTION, WC];

/// An ordinary request to each vendor, answered with JSON.
async fn ask(play: &Play, vendor: &str) -> Result<Answer, axum::Error> {
    let request = match vendor {
        KYT => Play::kyt_request(&Method::GET, "/v2/categories", None),
        SANCTION => sanction_request(&magic("d01")),
        _ => Signing::new(play.now(), Method::GET, "/v2/groups", "").request(),
    };
    play.fixture.send(request).await
}

async fn asked_in(play: &Play, vendor: &str, mode: Value) -> Answer {
    let mut mode = mode;
    mode["times"] = json!(1);
    play.switch(vendor, mode).await;
    let answer = ask(play, vendor).await.unwrap();
    assert_eq!(ask(play, vendor).await.unwrap().status, 200, "once only");
    answer
}

#[tokio::test]
async fn errors_come_in_each_vendors_form() {
    let play = Play::new();
    for status in [400, 403, 404, 500] {
        let mode = json!({"mode": format!("error-{status}")});
        let kyt = asked_in(&play, KYT, mode.clone()).await;
        assert_eq!((kyt.status.as_u16(), &kyt.json()["status"]), (status, &json!(status)));
        assert_eq!(kyt.json()["path"], "/vendors/chainalysis-kyt/v2/categories");
        let sanction = asked_in(&play, SANCTION, mode.clone()).await;
        assert_eq!(sanction.status, status);
        assert!(sanction.json()["message"].is_string());
        let wc = asked_in(&play, WC, mode).await;
        assert_eq!(wc.status, status);
        assert!(wc.json()[0]["error"].is_string() && wc.json()[0]["cause"].is_string());
    }
    for vendor in ALL {
        let answer = asked_in(&play, vendor, json!({"mode": "error-502"})).await;
        assert_eq!(
            (answer.status.as_u16(), answer.headers["content-type"].as_bytes()),
            (502, &b"text/html"[..])
        );
    }
    for status in [401, 429, 503] {
        let answer = asked_in(&play, WC, json!({"mode": format!("error-{status}")})).await;
        assert_eq!((answer.status.as_u16(), &*answer.text()), (status, ""));
    }
}

#[tokio::test]
async fn throttling_says_how_long_in_every_way() {
    let play = Play::new();
    for vendor in ALL {
        for (retry_after, header) in [
            (json!(2), Some("2")),
            (json!("date"), Some("Thu, 18 May 2023 12:39:47 GMT")),
            (Value::Null, None),
            (json!(86_400), Some("86400")),
            (json!("soon"), Some("soon")),
        ] {
            let answer =
                asked_in(&play, vendor, json!({"mode": "throttled", "retryAfter": retry_after})).await;
            assert_eq!(answer.status, 429);
            assert_eq!(answer.headers.get("retry-after").map(|value| value.to_str().unwrap()), header);
        }
    }
    assert_eq!(asked_in(&play, WC, json!({"mode": "throttled"})).await.text(), "");
}

#[tokio::test]
async fn keys_can_turn_wrong() {
    let play = Play::new();
    let kyt = asked_in(&play, KYT, json!({"mode": "forbidden"})).await;
    assert_eq!((kyt.status.as_u16(), &kyt.json()["message"]), (403, &json!("AccessDenied")));
    let kyt = asked_in(&play, KYT, json!({"mode": "forbidden-no-message"})).await;
    assert_eq!((kyt.status.as_u16(), kyt.json().get("message")), (403, None));
    let sanction = asked_in(&play, SANCTION, json!({"mode": "forbidden"})).await;
    assert_eq!(
        (sanction.status.as_u16(), &sanction.headers["content-type"]),
        (403, &"text/html".parse().unwrap())
    );
    let sanction = asked_in(&play, SANCTION, json!({"mode": "unauthorized"})).await;
    assert_eq!((sanction.status.as_u16(), sanction.json()), (401, json!({"message": "Invalid API Key"})));
    let wc = asked_in(&play, WC, json!({"mode": "unauthorized"})).await;
    assert_eq!((wc.status.as_u16(), &*wc.text()), (401, ""));

    for vendor in ALL {
        play.switch(vendor, json!({"mode": "key-rotated"})).await;
        assert!([401, 403].contains(&ask(&play, vendor).await.unwrap().status.as_u16()));
    }
    let mut kyt = Play::kyt_request(&Method::GET, "/v2/categories", None);
    kyt.headers_mut().insert("token", "kyt-key-5d1f-rotated".parse().unwrap());
    assert_eq!(play.send(kyt).await.status, 200);
    let mut wc = Signing::new(play.now(), Method::GET, "/v2/groups", "");
    (wc.key, wc.secret) = (wc.key + "-rotated", wc.secret + "-rotated");
    assert_eq!(play.send(wc.request()).await.status, 200);
}

#[tokio::test]
async fn the_quota_stops_only_cases_and_screenings() {
    let play = Play::new();
    let id = play.case("Taylor Robbins").await;
    play.switch(WC, json!({"mode": "quota"})).await;
    for (path, body) in [
        ("/v2/cases".to_owned(), new_case("Taylor Robbins").to_string()),
        ("/v2/cases/screeningRequest".to_owned(), new_case("Taylor Robbins").to_string()),
        (format!("/v2/cases/{id}/screeningRequest"), String::new()),
    ] {
        let answer = play.wc(Method::POST, &path, &body).await;
        assert_eq!((answer.status.as_u16(), answer.json().is_array()), (403, true), "{path}");
    }
    assert_eq!(play.wc_get(&format!("/v2/cases/{id}")).await.status, 200);
}

#[tokio::test]
async fn a_skewed_clock_is_seen_in_the_date() {
    let play = Play::new();
    for (skew, date) in [(31, "12:40:16"), (-31, "12:39:14"), (300, "12:44:45"), (-300, "12:34:45")] {
        play.switch(WC, json!({"mode": "clock-skew", "skewSeconds": skew})).await;
        let refused = ask(&play, WC).await.unwrap();
        assert_eq!(refused.status, 401);
        assert_eq!(refused.headers["date"], format!("Thu, 18 May 2023 {date} GMT"));
        let at = play.now() + chrono::Duration::seconds(skew);
        let corrected = Signing::new(at, Method::GET, "/v2/groups", "").request();
        assert_eq!(play.send(corrected).await.status, 200, "with the vendor's date");
    }
}

#[tokio::test]
async fn bodies_can_be_of_any_kind() {
    let play = Play::new();
    for vendor in ALL {
        let right = ask(&play, vendor).await.unwrap();
        let body = |mode: &'static str| asked_in(&play, vendor, json!({"mode": mode}));
        let html = body("html").await;
        assert_eq!(
            (html.status.as_u16(), &html.headers["content-type"]),
            (200, &"text/html".parse().unwrap())
        );
        assert_eq!(
            (body("empty").await.text(), body("null").await.text()),
            (String::new(), "null".to_owned())
        );
        let torn = body("truncated").await;
        assert_eq!(torn.body, right.body[..right.body.len() / 2]);
        assert!(serde_json::from_slice::<Value>(&torn.body).is_err());
        assert_ne!(body("array").await.json().is_array(), right.json().is_array());
        assert_eq!(body("bom").await.body, [b"\xef\xbb\xbf", right.body.as_slice()].concat());
        let mistyped = body("wrong-content-type").await;
        assert_eq!(
            (mistyped.headers["content-type"].as_bytes(), &mistyped.body),
            (&b"text/html"[..], &right.body)
        );
        let large = body("too-much").await;
        assert!(large.body.len() > 20 * 1024 * 1024);
        assert_eq!(large.json(), right.json());
        let packed = body("gzip").await;
        assert_eq!(
            (packed.headers["content-encoding"].as_bytes(), &packed.body[..3]),
            (&b"gzip"[..], &b"\x1f\x8b\x08"[..])
        );
        let chunked = body("chunked").await;
        assert!(!chunked.headers.contains_key("content-length") && chunked.body == right.body);
        let extended = body("extra-fields").await;
        assert!(extended.text().matches("somethingNew").count() >= 1 && extended.body != right.body);
        let elsewhere = body("redirect").await;
        assert_eq!(elsewhere.status, 302);
        let location = elsewhere.headers["location"].to_str().unwrap();
        assert!(location.starts_with(&format!("http://localhost:21300/vendors/{vendor}/")), "{location}");
    }
}

#[tokio::test]
async fn the_sanctions_can_lack_their_identifications() {
    let play = Play::new();
    assert_eq!(asked_in(&play, SANCTION, json!({"mode": "no-identifications"})).await.text(), "{}");
    let answer = asked_in(&play, SANCTION, json!({"mode": "null-identifications"})).await;
    assert_eq!(answer.text(), r#"{"identifications":null}"#);
}

#[tokio::test]
async fn kyt_can_lag_and_mix_up() {
    let play = Play::new();
    let id = play.attempt(&magic("c05")).await.json()["externalId"].as_str().unwrap().to_owned();
    let path = format!("/v2/withdrawal-attempts/{id}");
    play.switch(KYT, json!({"mode": "not-found-once"})).await;
    assert_eq!(play.transfer(CLEAN).await.len(), 36, "registration is spared and counts");
    play.switch(KYT, json!({"mode": "not-found-once", "method": "GET"})).await;
    assert_eq!(play.kyt_get(&path).await.status, 404);
    assert_eq!(play.kyt_get(&path).await.status, 200);

    play.switch(KYT, json!({"mode": "other-external-id", "times": 1})).await;
    assert_ne!(play.kyt_get(&path).await.json()["externalId"], json!(id));
    play.switch(KYT, json!({"mode": "duplicate-alerts", "times": 1})).await;
    let alerts = play.kyt_get(&format!("{path}/alerts")).await.json();
    let alerts = alerts["alerts"].as_array().unwrap().clone();
    assert_eq!(alerts.len(), 4);
    assert_eq!((&alerts[0], &alerts[2]), (&alerts[1], &alerts[3]));
    play.switch(KYT, json!({"mode": "odd-times", "times": 1})).await;
    assert_eq!(play.kyt_get(&path).await.json()["updatedAt"], "2023-05-18T21:39:45.263+09:00");
}

#[tokio::test]
async fn a_stale_screening_is_no_screening_of_the_present_request() {
    let play = Play::new();
    play.switch(WC, json!({"mode": "stale-screening", "times": 1})).await;
    let id = play.case("Ella Exactmatch").await;
    let found = async |query: &str| {
        let body = json!({"query": query});
        let answer = play.wc_post(&format!("/v2/cases/{id}/auditEvents"), &body).await.json();
        (answer["totalResultCount"].clone(), answer["results"][0]["details"]["noOfNewResults"].clone())
    };
    assert_eq!(found("actionType==SCREENED_CASE").await, (json!(1), json!(1)), "an hour ago");
    assert_eq!(found("eventDate>=2023-05-18T12:39:00Z").await.0, 0);
    let body = json!({"screeningStatusRequests": [{"caseSystemId": id, "dateFrom": "2023-05-18T12:39:00Z"}]});
    let status = play.wc_post("/v2/cases/screeningStatus", &body).await.json();
    assert_eq!(status[0]["screeningStatus"], "NOT_SCREENED");
    assert_eq!(status[0]["lastScreenedDate"], "2023-05-18T11:39:45.263Z");
    play.wc(Method::POST, &format!("/v2/cases/{id}/screeningRequest"), "").await;
    play.wait(2_000);
    assert_eq!(found("eventDate>=2023-05-18T12:39:00Z").await, (json!(1), json!(0)), "nothing new");
    play.switch(WC, json!({"mode": "odd-times", "times": 1})).await;
    let case = play.wc_get(&format!("/v2/cases/{id}")).await.json();
    assert_eq!(case["creationDate"], "2023-05-18T21:39:45.263+09:00");
    play.switch(WC, json!({"mode": "not-found-once"})).await;
    assert_eq!(play.wc_get(&format!("/v2/cases/{id}")).await.status, 404);
    assert_eq!(play.wc_get(&format!("/v2/cases/{id}")).await.status, 200);
}

#[tokio::test]
async fn what_was_lost_was_done() {
    let play = Play::new();
    for mode in ["lost-answer", "applied-error-504"] {
        play.switch(KYT, json!({"mode": mode, "times": 1})).await;
        let body = if mode == "lost-answer" { attempt(CLEAN) } else { attempt(&magic("c01")) };
        let post = || Play::kyt_request(&Method::POST, "/v2/users/42/withdrawal-attempts", Some(&body));
        let first = play.fixture.send(post()).await;
        assert!(first.is_err() == (mode == "lost-answer"));
        let before = play.kyt_get("/v1/users/42").await.json()["lastActivity"].clone();
        assert!(before.is_string(), "{mode}");
        assert_eq!(play.send(post()).await.status, 202);
    }
    play.switch(WC, json!({"mode": "lost-answer", "times": 1})).await;
    let mut body = new_case("Taylor Robbins");
    body["caseId"] = json!("mine");
    let lost = Signing::new(play.now(), Method::POST, "/v2/cases", &body.to_string()).request();
    assert!(play.fixture.send(lost).await.is_err());
    assert_eq!(play.wc_post("/v2/cases", &body).await.json()[0]["error"], "CASE_ID_EXISTS");
    assert_eq!(play.wc_get("/v2/caseReferences?caseId=mine").await.status, 200);

    for vendor in ALL {
        play.switch(vendor, json!({"mode": "down", "times": 1})).await;
        assert!(ask(&play, vendor).await.is_err());
    }
    let counts = play.fixture.get("/vendors/refinitiv/answers").await.json();
    assert_eq!(counts, json!({"0": 2, "200": 1, "400": 1}));
    play.switch(KYT, json!({"mode": "down", "times": 1})).await;
    let other = Play::kyt_request(&Method::POST, "/v2/users/77/transfers", Some(&transfer(CLEAN)));
    assert!(play.fixture.send(other).await.is_err());
    assert_eq!(play.kyt_get("/v1/users/77").await.status, 404, "down does nothing");
}

#[tokio::test(start_paused = true)]
async fn slow_and_dripping_answers_take_their_time() {
    let play = Play::new();
    for vendor in ALL {
        for (mode, millis) in [
            (json!({"mode": "slow", "times": 1}), 5_500),
            (json!({"mode": "slow", "delayMs": 70, "times": 1}), 70),
        ] {
            play.switch(vendor, mode).await;
            let before = tokio::time::Instant::now();
            assert_eq!(ask(&play, vendor).await.unwrap().status, 200);
            assert_eq!(before.elapsed().as_millis(), millis);
        }
        let right = ask(&play, vendor).await.unwrap();
        play.switch(vendor, json!({"mode": "drip", "delayMs": 10, "times": 1})).await;
        let before = tokio::time::Instant::now();
        assert_eq!(ask(&play, vendor).await.unwrap().body, right.body);
        assert_eq!(before.elapsed().as_millis(), 10 * right.body.len() as u128);
    }
}

#[tokio::test]
async fn switches_are_chosen_by_method_and_path_and_shown() {
    let play = Play::new();
    play.switch(KYT, json!({"mode": "error-503", "path": "/alerts"})).await;
    play.switch(KYT, json!({"mode": "error-500", "method": "POST", "times": 2})).await;
    let id = play.fixture.get("/vendors/chainalysis-kyt/mode").await.json();
    let expected = json!({"modes": [
        {"mode": "error-503", "path": "/alerts"}, {"mode": "error-500", "times": 2, "method": "POST"}]});
    assert_eq!(id, expected);
    assert_eq!(play.kyt_get("/v1/alerts/").await.status, 503);
    assert_eq!(play.kyt_get("/v2/categories").await.status, 200);
    assert_eq!(play.kyt_post("/v2/users/1/transfers", &transfer(CLEAN)).await.status, 500);
    play.switch(KYT, json!({"mode": "normal", "path": "/alerts"})).await;
    assert_eq!(play.kyt_get("/v1/alerts/").await.status, 200);
    assert_eq!(play.kyt_post("/v2/users/1/transfers", &transfer(CLEAN)).await.status, 500);
    play.switch(KYT, json!({"mode": "error-500"})).await;
    play.switch(KYT, json!({"mode": "normal"})).await;
    assert_eq!(play.fixture.get("/vendors/chainalysis-kyt/mode").await.json(), json!({"modes": []}));
    assert_eq!(play.sanctions(CLEAN).await.status, 200);

    for (mode, code) in [
        (json!({"mode": "sleepy"}), "INVALID-MODE"),
        (json!({"mode": "quota"}), "INVALID-MODE"),
        (json!({"mode": "down", "times": 0}), "INVALID-TIMES"),
        (json!({"mode": "slow", "delayMs": 600_001}), "INVALID-DELAY-MS"),
        (json!({"mode": "throttled", "retryAfter": []}), "INVALID-RETRY-AFTER"),
        (json!({"mode": "down", "endpoint": "x"}), "INVALID-BODY"),
    ] {
        let answer = play.fixture.put("/vendors/chainalysis-kyt/mode", mode).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (400, Some(code)));
    }
}
