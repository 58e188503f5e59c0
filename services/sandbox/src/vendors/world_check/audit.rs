//! `POST /cases/{caseSystemId}/auditEvents`: what happened to a case. Without dates only the last week is searched.

use chrono::Duration;
use serde::Deserialize;
use serde_json::{Value, json};
use waybill_domain::Timestamp;

use super::case::{Case, Screening};
use super::create::style;
use super::error::{error, malformed, no_case};
use super::rsql::{self, Comparison, Field};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    query: Option<String>,
    #[serde(rename = "sort")]
    _sort: Option<Value>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pagination {
    current_page: Option<usize>,
    items_per_page: Option<usize>,
}

/// 200 with the events that fit, newest first. Only screenings that have ended make events.
pub(super) fn events(
    playing: &Playing,
    settings: &Settings,
    asked: &Asked,
    id: &str,
) -> Result<Answer, Answer> {
    let wanted: Wanted = match asked.body.is_empty() {
        true => Wanted::default(),
        false => serde_json::from_slice(&asked.body).map_err(|_| malformed())?,
    };
    let query = match wanted.query.as_deref().filter(|query| !query.is_empty()) {
        None => Vec::new(),
        Some(query) => rsql::parse(query).ok_or_else(invalid)?,
    };
    let cases = playing.cases();
    let case = cases.get(id).ok_or_else(|| no_case(id))?;
    let is_dated = query.iter().any(|one| one.selector() == "eventDate");
    let oldest = asked.now - Duration::hours(settings.audit_window_hours.into());
    let mut found = Vec::new();
    for (number, (screening, end)) in case.ended(asked.now).enumerate() {
        if fits(&query, case, end)? && (is_dated || end >= oldest) {
            found.push(event(case, number, screening, end, style(asked)));
        }
    }
    found.reverse();
    let total = found.len();
    if let Some(Pagination { current_page, items_per_page }) = wanted.pagination {
        let size = items_per_page.unwrap_or(100).clamp(1, 1_000);
        let page = current_page.unwrap_or(1).max(1);
        found = found.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    }
    Ok(Answer::json(200, &json!({"totalResultCount": total, "results": found})))
}

fn fits(query: &[Comparison], case: &Case, end: Timestamp) -> Result<bool, Answer> {
    let each = query.iter().map(|one| match one.selector() {
        "actionType" => one.fits(&Field::Text("SCREENED_CASE")),
        "eventDate" => one.fits(&Field::Time(end)),
        "objectId" => one.fits(&Field::Text(&case.system_id)),
        "entityType" => one.fits(&Field::Text("CASE")),
        _ => None,
    });
    let each: Option<Vec<bool>> = each.collect();
    each.map(|each| each.into_iter().all(|fits| fits)).ok_or_else(invalid)
}

fn invalid() -> Answer {
    error(400, "INVALID_QUERY", "The query is invalid.")
}

fn event(case: &Case, number: usize, screening: Screening, end: Timestamp, style: Style) -> Value {
    let new = if screening.finds_nothing_new { 0 } else { case.strengths(end).len() };
    json!({
        "id": case.id_of("event", number),
        "objectId": case.system_id,
        "entityType": "CASE",
        "eventDate": style.write(end),
        "actionType": "SCREENED_CASE",
        "actionedByUserId": "sandbox-user",
        "actionedByUserName": "Sandbox User",
        "note": null,
        "auditEventToDate": null,
        "details": {
            "detailsType": "ScreenCaseAuditDetails",
            "userId": "sandbox-user",
            "caseSystemId": case.system_id,
            "statusCode": "COMPLETED",
            "screeningState": "INITIAL",
            "startScreeningDate": style.write(screening.started_at),
            "noOfNewResults": new,
            "noOfReviewRequiredResults": 0,
            "noOfExcludedResults": 0,
            "noOfAutoResolvedResults": 0,
            "providerTypes": ["WATCHLIST"],
        },
    })
}
