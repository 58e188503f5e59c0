//! `GET …/{externalId}/alerts` and `GET /v1/alerts/`

use serde::Serialize;
use serde_json::{Value, json};
use waybill_domain::Timestamp;

use super::record::{Assessment, Record};
use super::{categories, error, request};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::decimal::Decimal;
use crate::vendors::magic::{Amount, KytAlert, normalized};
use crate::vendors::mode::Mode;
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_level: Option<&'static str>,
    service: Option<String>,
    external_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_amount: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exposure_type: Option<&'static str>,
    category_id: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
}

#[derive(Serialize)]
struct Alerts {
    alerts: Vec<Alert>,
}

/// 200 with the alerts by now, which are none before the assessment.
pub(super) fn of(record: &Record, asked: &Asked, settings: &Settings) -> Result<Answer, Answer> {
    let assessment = record.assessment(asked.now);
    if assessment.is_none() && settings.alerts_not_found_before {
        return Err(error(asked, 404, Some("The transfer is not processed yet")));
    }
    let mut alerts = raised(record, assessment.as_ref(), settings);
    if asked.is_in(Mode::DuplicateAlerts) {
        alerts = alerts.into_iter().flat_map(|alert| [alert.clone(), alert]).collect();
    }
    Ok(Answer::json(200, &Alerts { alerts }))
}

fn raised(record: &Record, assessment: Option<&Assessment>, settings: &Settings) -> Vec<Alert> {
    let Some(assessment) = assessment.filter(|done| done.with_alerts) else { return Vec::new() };
    let alert = |(number, alert): (usize, &KytAlert)| Alert {
        alert_level: alert.level,
        service: alert.service.map(|service| named(service, record)),
        external_id: record.alert_id(number, assessment.updated_at),
        alert_amount: match alert.amount {
            Amount::Whole => record.usd_amount().or_else(|| Decimal::new("0")),
            Amount::Is(text) => Decimal::new(text),
            Amount::Missing => None,
        },
        exposure_type: alert.exposure,
        category_id: alert.category_id,
        category: alert
            .category
            .or_else(|| alert.category_id.filter(|_| settings.legacy_category).and_then(categories::name)),
    };
    record.outcome.alerts.iter().enumerate().map(alert).collect()
}

/// `{CATEGORY}: {name} {address}`
fn named(service: &str, record: &Record) -> String {
    let address = record.address.as_deref().map(normalized).unwrap_or_default();
    match service {
        "LONG" => format!("NO KYC EXCHANGE: {} {address}", "Longest Exchange 𠮷 ".repeat(40)),
        _ => format!("{service} {address}"),
    }
}

/// The alerts of all transfers and attempts, oldest first, by the time when they were raised.
pub(super) fn all(playing: &Playing, asked: &Asked) -> Result<Answer, Answer> {
    let number = |name, usual: usize| asked.parameter(name).map_or(Some(usual), |text| text.parse().ok());
    let (Some(limit), Some(offset)) = (number("limit", 100), number("offset", 0)) else {
        return Err(request::bad(asked, "limit and offset must be numbers"));
    };
    let bound = |name| request::time(asked, name, asked.parameter(name));
    let (from, to) = (bound("createdAt_gte")?, bound("createdAt_lte")?);
    let settings = playing.settings(crate::vendors::Vendor::ChainalysisKyt);
    let within = |at: Timestamp| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to);

    let registered = playing.registered();
    let assessed = registered.iter().filter_map(|record| Some((record, record.assessment(asked.now)?)));
    let found: Vec<Value> = assessed
        .filter(|(_, assessment)| within(assessment.updated_at))
        .flat_map(|(record, assessment)| {
            let alerts = raised(record, Some(&assessment), &settings);
            alerts.into_iter().map(move |alert| listed(record, &assessment, &alert))
        })
        .collect();
    let total = found.len();
    let data: Vec<Value> = found.into_iter().skip(offset).take(limit).collect();
    Ok(Answer::json(200, &json!({"limit": limit, "offset": offset, "total": total, "data": data})))
}

/// The vendor's other fields are not known.
fn listed(record: &Record, assessment: &Assessment, alert: &Alert) -> Value {
    let mut shown = json!(alert);
    shown["alertIdentifier"] = shown["externalId"].take();
    shown["externalId"] = json!(record.external_id);
    shown["userId"] = json!(record.user);
    shown["createdAt"] = json!(Style::Offset.write(assessment.updated_at));
    shown
}
