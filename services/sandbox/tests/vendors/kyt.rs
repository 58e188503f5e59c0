//! KYT: registration, assessment, alerts.

use axum::http::Method;
use serde_json::{Value, json};

use crate::play::{CLEAN, Play, SEEDS_ADDRESS, START, attempt, magic, transfer};

const TRANSFER_KEYS: [&str; 12] = [
    "updatedAt",
    "asset",
    "assetId",
    "network",
    "transferReference",
    "tx",
    "idx",
    "usdAmount",
    "assetAmount",
    "timestamp",
    "outputAddress",
    "externalId",
];

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn is_version_3(id: &str) -> bool {
    id.len() == 36 && &id[14..15] == "3" && "89ab".contains(&id[19..20])
}

#[tokio::test]
async fn a_transfer_is_assessed_after_a_while() {
    let play = Play::new();
    let answer = play.kyt_post("/v2/users/42/transfers", &transfer(SEEDS_ADDRESS)).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.headers["cache-control"], "no-cache, no-store, max-age=0, must-revalidate");
    let registered = answer.json();
    assert_eq!(keys(&registered), TRANSFER_KEYS);
    assert_eq!(registered["network"], "ETHEREUM");
    let id = registered["externalId"].as_str().unwrap();
    assert!(is_version_3(id), "{id}");
    for key in ["updatedAt", "assetId", "tx", "idx", "usdAmount", "assetAmount", "timestamp", "outputAddress"]
    {
        assert_eq!(registered[key], Value::Null, "{key}");
    }
    let again = play.kyt_post("/v2/users/42/transfers", &transfer(SEEDS_ADDRESS)).await;
    assert_eq!((again.status.as_u16(), again.json()), (202, registered.clone()), "the same content");
    let other = play.kyt_post("/v2/users/43/transfers", &transfer(SEEDS_ADDRESS)).await.json();
    assert_ne!(other["externalId"], registered["externalId"]);

    play.wait(1_999);
    assert_eq!(play.kyt_get(&format!("/v2/transfers/{id}")).await.json(), registered);
    let none = play.kyt_get(&format!("/v2/transfers/{id}/alerts")).await;
    assert_eq!(none.json(), json!({"alerts": []}));
    play.wait(1);
    let done = play.kyt_get(&format!("/v2/transfers/{id}")).await;
    assert!(done.text().contains(r#""usdAmount":1820.17,"assetAmount":1,"#), "{}", done.text());
    let done = done.json();
    assert_eq!(keys(&done), TRANSFER_KEYS);
    assert_eq!(done["updatedAt"], "2023-05-18T12:39:47.263532", "no zone, microseconds");
    assert_eq!(done["timestamp"], "2023-05-18T12:38:45.000+00:00");
    assert_eq!((&done["idx"], &done["tx"]), (&json!(0), &json!(format!("0x{}", "ab".repeat(32)))));
    assert_eq!(done["outputAddress"], SEEDS_ADDRESS[2..].to_lowercase());
    let display = play.kyt_get(&format!("/v2/transfers/{id}?formatType=display")).await.json();
    assert_eq!(display["outputAddress"], SEEDS_ADDRESS);
}

#[tokio::test]
async fn an_attempt_is_assessed_at_once_as_in_the_interfaces_example() {
    let play = Play::new();
    let answer = play.attempt(SEEDS_ADDRESS).await;
    assert!(answer.text().contains(r#""assetAmount":1,"usdAmount":1820.17,"#), "{}", answer.text());
    let registered = answer.json();
    let id = registered["externalId"].as_str().unwrap();
    let expected = json!({
        "asset": "ETH", "assetId": null, "network": "ETHEREUM",
        "address": "bb3fd383d1c5540e52ef0a7bcb9433375793aeaf",
        "attemptIdentifier": "f7231c6f-f1e7-4ae7-b143-2c87cd38abe9",
        "assetAmount": 1, "usdAmount": 1820.17, "updatedAt": "2023-05-18T12:39:45.263+00:00",
        "externalId": id,
    });
    assert_eq!(registered, expected);
    assert!(is_version_3(id));
    let path = format!("/v2/withdrawal-attempts/{id}");
    assert_eq!(play.kyt_get(&path).await.json(), expected);

    let alerts = play.kyt_get(&format!("{path}/alerts")).await;
    assert!(alerts.text().contains(r#""alertAmount":1820.17"#));
    let alert = &alerts.json()["alerts"][0];
    let alert_id = alert["externalId"].as_str().unwrap();
    assert!(
        alert_id.starts_with("118b") && alert_id.contains("-f579-11ed-"),
        "stamped 8 ms before: {alert_id}"
    );
    let expected = json!({
        "alertLevel": "MEDIUM",
        "service": "HIGH RISK EXCHANGE: SimpleSwap.io bb3fd383d1c5540e52ef0a7bcb9433375793aeaf",
        "externalId": alert_id, "alertAmount": 1820.17, "exposureType": "DIRECT", "categoryId": 4,
        "category": "high risk exchange",
    });
    assert_eq!(alert, &expected);
    let exposure = play.kyt_get(&format!("{path}/exposures")).await.json();
    assert_eq!(exposure, json!({"direct": {"name": "SimpleSwap.io", "categoryId": 4}}));
    let networks = play.kyt_get(&format!("{path}/network-identifications")).await.json();
    assert_eq!(networks, json!({"count": 0, "networkIdentificationOrgs": []}));
}

#[tokio::test]
async fn amounts_and_prices_are_exact() {
    let play = Play::new();
    for (asset, amount, worth) in [
        ("ETH", json!("1.5"), "2730.26"),
        ("eth", json!(100), "182017"),
        ("BTC", json!("0.00000001"), "0"),
        ("USDT", json!("123456789.12"), "123456789.12"),
        ("UNHEARD", json!(3), "null"),
    ] {
        let mut body = attempt(CLEAN);
        (body["asset"], body["assetAmount"]) = (json!(asset), amount.clone());
        body["attemptIdentifier"] = json!(asset.to_owned() + &amount.to_string());
        let text = play.kyt_post("/v2/users/42/withdrawal-attempts", &body).await.text();
        let number = amount.to_string().replace('"', "");
        let expected = format!(r#""assetAmount":{number},"usdAmount":{worth},"#);
        assert!(text.contains(&expected), "{text} lacks {expected}");
    }
    let mut priced = attempt(CLEAN);
    (priced["assetPrice"], priced["assetAmount"]) = (json!(2.5), json!(4));
    let answer = play.kyt_post("/v2/users/42/withdrawal-attempts", &priced).await.json();
    assert_eq!(answer["usdAmount"], 10);
}

#[tokio::test]
async fn a_reference_names_an_address_or_an_output() {
    let play = Play::new();
    let mut body = transfer("7");
    (body["network"], body["asset"]) = (json!("bitcoin"), json!("BTC"));
    body["transferReference"] = json!(format!("{}{}:7", "0".repeat(24), &magic("c03")[2..]));
    let registered = play.kyt_post("/v2/users/42/transfers", &body).await.json();
    assert_eq!(registered["network"], "BITCOIN");
    assert_eq!(registered["transferReference"], body["transferReference"]);
    play.wait(2_000);
    let path = format!("/v2/transfers/{}", registered["externalId"].as_str().unwrap());
    let done = play.kyt_get(&path).await.json();
    assert_eq!((&done["idx"], &done["outputAddress"]), (&json!(7), &Value::Null));
    let alerts = play.kyt_get(&format!("{path}/alerts")).await.json();
    assert_eq!(alerts["alerts"][0]["alertLevel"], "HIGH", "the hash decides where there is no address");
}

#[tokio::test]
async fn late_alerts_move_the_time_of_the_assessment() {
    let play = Play::new();
    let path = format!("/v2/transfers/{}", play.transfer(&magic("c08")).await);
    let at = async || {
        let summary = play.kyt_get(&path).await.json();
        let alerts = play.kyt_get(&format!("{path}/alerts")).await.json();
        let alerts = alerts["alerts"].as_array().unwrap().clone();
        (summary["updatedAt"].as_str().map(str::to_owned), alerts)
    };
    play.wait(2_000);
    let (first, none) = at().await;
    assert_eq!((first.is_some(), none.len()), (true, 0));
    play.wait(2_000);
    let (second, two) = at().await;
    assert!(second > first);
    assert_eq!(two.len(), 2);
    play.wait(60_000);
    assert_eq!(at().await, (second, two), "and no more");
}

#[tokio::test]
async fn never_and_later() {
    let play = Play::new();
    let never = play.transfer(&magic("c07")).await;
    let later = play.attempt(&magic("c09")).await.json();
    assert_eq!(later["updatedAt"], Value::Null);
    play.wait(2_000);
    let path = format!("/v2/withdrawal-attempts/{}", later["externalId"].as_str().unwrap());
    assert_eq!(play.kyt_get(&path).await.json()["updatedAt"], "2023-05-18T12:39:47.263+00:00");
    play.wait(30 * 24 * 3_600_000);
    assert_eq!(play.kyt_get(&format!("/v2/transfers/{never}")).await.json()["updatedAt"], Value::Null);
}

#[tokio::test]
async fn settings_change_when_and_what() {
    let play = Play::new();
    let settings = json!({
        "delayMs": 500, "attemptsAtOnce": false, "alertsNotFoundBefore": true, "legacyCategory": true});
    let shown = play.set("chainalysis-kyt", settings).await;
    assert_eq!(shown["delayMs"], 500);
    let attempt = play.attempt(&magic("c04")).await.json();
    assert_eq!(attempt["updatedAt"], Value::Null);
    let alerts = format!("/v2/withdrawal-attempts/{}/alerts", attempt["externalId"].as_str().unwrap());
    assert_eq!(play.kyt_get(&alerts).await.status, 404);
    play.wait(500);
    assert_eq!(play.kyt_get(&alerts).await.json()["alerts"][0]["category"], "sanctioned entity");
    for wrong in [json!({"signedQuery": "with"}), json!({"delay": 1}), json!({"delayMs": "1"})] {
        let path = "/vendors/chainalysis-kyt/settings";
        assert_eq!(play.fixture.put(path, wrong).await.status, 400);
    }
}

#[tokio::test]
async fn lists_are_there() {
    let play = Play::new();
    let categories = play.kyt_get("/v2/categories").await.json();
    let categories = categories["categories"].as_array().unwrap();
    assert_eq!(categories.len(), 42);
    assert_eq!(categories[0], json!({"categoryId": null, "categoryName": ""}));
    assert!(categories.contains(&json!({"categoryId": 3, "categoryName": "sanctioned entity"})));

    assert_eq!(
        play.kyt_get("/v1/alerts/?limit=100&offset=0").await.json(),
        json!({"limit": 100, "offset": 0, "total": 0, "data": []})
    );
    let id = play.attempt(&magic("c05")).await.json()["externalId"].clone();
    let listed = play.kyt_get(&format!("/v1/alerts/?createdAt_gte={START}&limit=1&offset=1")).await.json();
    assert_eq!((&listed["total"], &listed["data"][0]["externalId"]), (&json!(2), &id));
    let before = play.kyt_get("/v1/alerts/?createdAt_lte=2023-05-18T12:39:45Z").await.json();
    assert_eq!(before["total"], 0);

    assert_eq!(play.kyt_get("/v1/users/42").await.json()["userId"], "42");
    assert_eq!(play.kyt_get("/v1/users/").await.json()["total"], 1);
    assert_eq!(play.kyt_get("/v1/users/43").await.status, 404);
    let severe = play.attempt(&magic("c04")).await.json()["externalId"].as_str().unwrap().to_owned();
    let path = format!("/v2/withdrawal-attempts/{severe}/high-risk-addresses");
    assert_eq!(play.kyt_get(&path).await.json()["chainalysisIdentifications"][0]["categoryId"], 3);
}

#[tokio::test]
async fn a_user_may_have_any_name() {
    let play = Play::new();
    let path = "/v2/users/a%2Fb%3F%25%ea%b9%80/transfers";
    let answer = play.send(Play::kyt_request(&Method::POST, path, Some(&transfer(CLEAN)))).await;
    assert_eq!(answer.status, 202);
    assert_eq!(play.kyt_get("/v1/users/").await.json()["data"][0]["userId"], "a/b?%김");
}
