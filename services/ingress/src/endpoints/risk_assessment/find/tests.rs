use serde_json::{Value, json};
use waybill_domain::AlertLevel;

use crate::endpoints::risk_assessment::testing::{ADDRESS, EXTERNAL, REQUEST, uuid};
use crate::testing::{Api, ROBOT};

const NOW: &str = "2026-01-02T03:04:05.000Z";

fn path() -> String {
    format!("/v1/risk-assessment/{REQUEST}")
}

#[tokio::test]
async fn a_look_up_is_shown_as_it_was_answered() {
    let api = Api::start().await;
    api.add_sanction(api.no_hit(REQUEST)).await;
    let sanction = json!({
        "requestId": REQUEST, "counterpartyVaspId": ROBOT, "direction": "OUTGOING", "address": ADDRESS,
        "status": "NOHIT", "createdAt": NOW
    });
    assert_eq!(
        api.get(&path()).await.json(),
        json!({
            "requestId": REQUEST, "verificationUuid": uuid(1), "vendor": "chainalysis-sanction", "status": "NOHIT",
            "reason": null, "direction": "OUTGOING", "counterpartyVaspId": ROBOT, "address": ADDRESS, "origin": "API",
            "keyId": "12345678", "sharesRequest": null, "createdAt": NOW, "registeredAt": null, "assessedAt": null,
            "riskAssessment": { "chainalysisSanction": sanction }
        })
    );
}

#[tokio::test]
async fn a_kyt_request_is_shown_before_and_after_its_result() {
    let api = Api::start().await;
    api.add_kyt(api.kyt(REQUEST), None).await;
    let before = api.get(&path()).await.json();
    assert_eq!((&before["status"], &before["registeredAt"]), (&json!("REGISTERED"), &Value::Null));
    assert_eq!(before["riskAssessment"]["chainalysisKYT"]["alertCount"], Value::Null);

    let api = Api::start().await;
    api.add_kyt(api.kyt(REQUEST), Some(vec![AlertLevel::Severe, AlertLevel::Low])).await;
    let after = api.get(&path()).await.json();
    assert_eq!((&after["vendor"], &after["status"]), (&json!("chainalysis-kyt"), &json!("PROCESSED")));
    assert_eq!((&after["origin"], &after["registeredAt"]), (&json!("AUTOMATIC"), &json!(NOW)));
    assert_eq!((&after["address"], &after["assessedAt"]), (&json!(ADDRESS), &json!(NOW)));
    let kyt = &after["riskAssessment"]["chainalysisKYT"];
    assert_eq!((&kyt["alertCount"], &kyt["externalId"]), (&json!(2), &json!(EXTERNAL)));
    assert_eq!(kyt["transferRef"], format!("0x9f2c:{ADDRESS}"));
    let levels: Vec<_> = after["riskAssessment"]["chainalysisKYTAlerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| alert["alertLevel"].clone())
        .collect();
    assert_eq!(levels, ["SEVERE", "LOW"]);
}

#[tokio::test]
async fn what_is_personal_of_world_check_takes_a_scope_of_its_own() {
    let api = Api::start().await;
    api.add_wco(REQUEST).await;
    let whole = api.get(&path()).await.json();
    let shown = &whole["riskAssessment"]["refinitivWorldCheckOne"];
    assert_eq!((&shown["matchStrength"], &whole["address"]), (&json!("STRONG"), &Value::Null));
    assert_eq!(shown["aggregatedSummaryResult"], "{\"name\":\"Taylor Robbins\"}");
    assert_eq!(
        whole["riskAssessment"]["refinitivWorldCheckOneCases"],
        json!([{
            "caseId": format!("{REQUEST}-0"), "caseSystemId": "5jb7r2c9xjfk1hoc95gfayv6m", "entityType": "INDIVIDUAL",
            "asked": {
                "name": "Taylor Robbins", "secondaryFields": [{ "typeId": "SFCT_2", "dateTimeValue": "1984-09-30" }]
            },
            "status": "PROCESSED", "reason": null, "matchStrength": "STRONG", "totalMatches": 2,
            "aggregatedSummaryResult": "{\"name\":\"Taylor Robbins\"}", "sharesCase": null, "createdAt": NOW,
            "assessedAt": NOW
        }])
    );

    for path in [path(), "/v1/risk-assessment".to_owned()] {
        let key = api.make_key("risk-assessment:read").await;
        let answer = api.get_as(&key, &path).await;
        assert_eq!(answer.status, 200);
        for personal in ["Robbins", "1984"] {
            assert!(!answer.text().contains(personal), "{path}: {}", answer.text());
        }
        let with = api.make_key("risk-assessment:read,personal-data:read").await;
        assert!(api.get_as(&with, &path).await.text().contains("Robbins"));
    }
    let key = api.make_key("risk-assessment:read").await;
    let without = api.get_as(&key, &path()).await.json();
    let case = &without["riskAssessment"]["refinitivWorldCheckOneCases"][0];
    for null in ["asked", "aggregatedSummaryResult"] {
        assert_eq!(case.get(null), Some(&Value::Null), "{null}");
    }
    assert_eq!(case["matchStrength"], "STRONG", "what was found is no personal data");
}

#[tokio::test]
async fn what_is_unknown_or_no_id_is_refused() {
    let api = Api::start().await;
    let answer = api.get(&path()).await;
    answer.refuses(404, "RISK-ASSESSMENT-NOT-FOUND");
    assert_eq!(answer.json()["message"], format!("Risk assessment({REQUEST}) is not found"));
    for bad in ["x", "%FF", "%20", "f7231c6ff1e74ae7b1432c87cd38abe9"] {
        api.get(&format!("/v1/risk-assessment/{bad}")).await.refuses(400, "INVALID-REQUEST-ID");
    }
    api.add_sanction(api.no_hit(REQUEST)).await;
    let upper = format!("/v1/risk-assessment/{}", REQUEST.to_uppercase());
    assert_eq!(api.get(&upper).await.status, 200, "either case is read");
}
