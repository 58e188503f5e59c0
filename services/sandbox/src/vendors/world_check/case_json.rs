//! `GET /cases/{caseSystemId}`, and a case as every answer shows it.

use serde_json::{Value, json};
use waybill_domain::Timestamp;

use super::case::Case;
use super::create::style;
use super::error::no_case;
use super::summaries;
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

/// 200 with the case; with its summary when asked for.
pub(super) fn case(playing: &Playing, asked: &Asked, id: &str) -> Result<Answer, Answer> {
    let cases = playing.cases();
    let case = cases.get(id).ok_or_else(|| no_case(id))?;
    let with_summary = asked.parameter("aggregatedSummary") == Some("true");
    Ok(Answer::json(200, &shown(case, asked.now, with_summary, style(asked))))
}

/// A case.
pub(super) fn shown(case: &Case, now: Timestamp, with_summary: bool, style: Style) -> Value {
    let modified = case.last_screened(now).unwrap_or(case.created_at).max(case.created_at);
    let user = json!({
        "userId": "sandbox-user",
        "firstName": "Sandbox",
        "lastName": "User",
        "fullName": "Sandbox User",
        "email": "user@sandbox.example",
        "status": "ACTIVE",
    });
    let screened = match case.last_screened(now) {
        Some(at) => json!({"WATCHLIST": style.write(at)}),
        None => json!({}),
    };
    json!({
        "caseId": case.case_id,
        "name": case.name,
        "providerTypes": case.provider_types,
        "customFields": case.custom_fields,
        "secondaryFields": case.secondary_fields,
        "groupId": case.group_id,
        "entityType": case.entity_type,
        "caseSystemId": case.system_id,
        "caseScreeningState": case.screening_state,
        "lifecycleState": "UNARCHIVED",
        "assignee": null,
        "creator": user,
        "modifier": user,
        "creationDate": style.write(case.created_at),
        "modificationDate": style.write(modified),
        "nameTransposition": false,
        "outstandingActions": !case.strengths(now).is_empty(),
        "lastScreenedDatesByProviderType": screened,
        "providerTypeDetails": null,
        "aggregatedResultSummaries": with_summary.then(|| summaries::of(case, now)),
    })
}
