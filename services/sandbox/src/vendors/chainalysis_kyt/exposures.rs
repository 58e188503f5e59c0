//! `GET …/{externalId}/exposures`, `…/network-identifications`, `…/high-risk-addresses`

use serde_json::{Value, json};

use super::record::Record;
use crate::vendors::answer::Answer;

/// The service that a direct alert names, or nothing.
pub(super) fn direct(record: &Record) -> Answer {
    let found = record.outcome.alerts.iter().find(|alert| alert.exposure == Some("DIRECT"));
    let name = found.and_then(|alert| alert.service).and_then(|service| service.split_once(": "));
    let direct = json!({
        "name": name.map(|(_, name)| name),
        "categoryId": found.and_then(|alert| alert.category_id),
    });
    Answer::json(200, &json!({"direct": direct}))
}

pub(super) fn networks() -> Answer {
    Answer::json(200, &json!({"count": 0, "networkIdentificationOrgs": []}))
}

/// What is known of a severe address.
pub(super) fn high_risk_addresses(record: &Record) -> Answer {
    let severe = record.outcome.alerts.iter().filter(|alert| alert.level == Some("SEVERE"));
    let found: Vec<Value> = severe
        .map(|alert| {
            json!({
                "addressName": alert.service,
                "description": "An invented entry.\n\nhttps://sanctions.example/press-releases/qh0126",
                "categoryId": alert.category_id,
            })
        })
        .collect();
    Answer::json(200, &json!({"customAddresses": [], "chainalysisIdentifications": found}))
}
