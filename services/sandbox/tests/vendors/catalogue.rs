//! Every magic address is tried at KYT, and each row does something of its own.

use serde_json::{Value, json};
use waybill_sandbox::vendor_addresses_table;

use crate::common::{OURS, ROBOT, account_request};
use crate::play::{Play, magic};

/// The alerts of an attempt to an address, as text and as JSON.
async fn alerts(play: &Play, tag: &str) -> (String, Vec<Value>) {
    let id = play.attempt(&magic(tag)).await.json()["externalId"].as_str().unwrap().to_owned();
    play.wait(10_000);
    let answer = play.kyt_get(&format!("/v2/withdrawal-attempts/{id}/alerts")).await;
    (answer.text(), answer.json()["alerts"].as_array().unwrap().clone())
}

#[tokio::test]
async fn every_row_for_kyt_says_what_it_should() {
    let play = Play::new();
    for (tag, expected) in [
        ("c01", json!([["LOW", "DIRECT", 16]])),
        ("c02", json!([["MEDIUM", "DIRECT", 4]])),
        ("c03", json!([["HIGH", "DIRECT", 13]])),
        ("c04", json!([["SEVERE", "DIRECT", 3]])),
        ("c05", json!([["HIGH", "DIRECT", 13], ["LOW", "INDIRECT", null]])),
        ("c06", json!([["LOW", "INDIRECT", null]])),
        ("c07", json!([])),
        ("c08", json!([["SEVERE", "DIRECT", 3], ["LOW", "INDIRECT", null]])),
        ("c09", json!([["MEDIUM", "DIRECT", 4]])),
        ("c10", json!([["CRITICAL", "DIRECT", 12]])),
        ("c11", json!([["LOW", "DIRECT", 16], ["SEVERE", null, 3]])),
        ("c16", json!([["MEDIUM", "DIRECT", null]])),
        ("c17", json!([["MEDIUM", "DIRECT", 12345]])),
        ("c19", json!([["HIGH", "CLUSTER", 13]])),
        ("c20", json!([[null, "DIRECT", 13]])),
        ("d01", json!([])),
    ] {
        let (text, found) = alerts(&play, tag).await;
        let told: Vec<Value> = found
            .iter()
            .map(|one| json!([one["alertLevel"], one["exposureType"], one["categoryId"]]))
            .collect();
        assert_eq!(Value::Array(told), expected, "{tag}: {text}");
    }
    let (text, found) = alerts(&play, "c06").await;
    assert!(found[0]["service"].is_null() && text.contains(r#""service":null"#));
    let (_, found) = alerts(&play, "c11").await;
    assert!(found[1].get("alertAmount").is_none() && found[1].get("exposureType").is_none());
    let (_, found) = alerts(&play, "c15").await;
    assert_eq!(
        (&found[0]["category"], &found[0]["categoryId"]),
        (&json!("high risk exchange"), &Value::Null)
    );
    let (_, found) = alerts(&play, "c18").await;
    let service = found[0]["service"].as_str().unwrap();
    assert!(service.chars().count() > 600 && service.contains('𠮷'));
}

#[tokio::test]
async fn the_addresses_belong_to_customers() {
    let play = Play::new();
    let table = vendor_addresses_table();
    for address in
        table.lines().filter_map(|line| line.split('`').nth(1)).filter(|text| text.starts_with("0x"))
    {
        let mut request = account_request();
        request["ivms101"]["beneficiary"]["accountNumber"] = json!([address]);
        for vasp in [OURS, ROBOT] {
            request["ivms101"]["beneficiary"]["beneficiaryPersons"] = json!([]);
            let answer = play.fixture.post(vasp, "account", &request).await.json();
            assert_eq!(answer["accountVerificationResult"], "VERIFIED", "{address} at {vasp}");
        }
    }
}

#[tokio::test]
async fn amounts_keep_their_text() {
    let play = Play::new();
    for (tag, usd, alert) in [
        (
            "c12",
            r#""assetAmount":123456789012345678901234567890.123456789,"usdAmount":1e21,"#,
            r#""alertAmount":1e21,"#,
        ),
        ("c13", r#""usdAmount":0.00000001,"#, r#""alertAmount":1E-8,"#),
        ("c14", r#""usdAmount":1820.170,"#, r#""alertAmount":1820.170,"#),
    ] {
        let summary = play.attempt(&magic(tag)).await.text();
        assert!(summary.contains(usd), "{summary}");
        let (text, _) = alerts(&play, tag).await;
        assert!(text.contains(alert), "{text}");
    }
}

#[tokio::test]
async fn alerts_have_ids_of_their_own_but_where_they_are_shared() {
    let play = Play::new();
    for (tag, is_shared) in [("c21", true), ("c03", false)] {
        let (_, of_attempt) = alerts(&play, tag).await;
        let transfer = play.transfer(&magic(tag)).await;
        play.wait(2_000);
        let of_transfer = play.kyt_get(&format!("/v2/transfers/{transfer}/alerts")).await.json();
        let same = of_transfer["alerts"][0]["externalId"] == of_attempt[0]["externalId"];
        assert_eq!(same, is_shared, "{tag}");
        assert_eq!(&of_attempt[0]["externalId"].as_str().unwrap()[14..15], "1", "version 1");
    }
    let rows = vendor_addresses_table().lines().filter(|line| line.contains("0x")).count();
    assert_eq!(rows, 2 + 21 + 5, "a row that is added is tried here, or in the test of the sanctions");
}
