//! `GET /cases/{caseSystemId}/results`: empty both when nothing was found and before the screening has ended.

use serde_json::{Value, json};
use waybill_domain::Timestamp;

use super::case::Case;
use super::create::style;
use super::error::no_case;
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::magic::Found;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

/// 200 with an array, however long.
pub(super) fn results(playing: &Playing, asked: &Asked, id: &str) -> Result<Answer, Answer> {
    let cases = playing.cases();
    let case = cases.get(id).ok_or_else(|| no_case(id))?;
    Ok(Answer::json(200, &of(case, asked.now, style(asked))))
}

/// What was found.
pub(super) fn of(case: &Case, now: Timestamp, style: Style) -> Vec<Value> {
    let Some(screened) = case.last_screened(now) else { return Vec::new() };
    let strengths = case.strengths(now).into_iter();
    match case.magic.map(|magic| magic.found) {
        Some(Found::NullFields) => strengths.map(bare).collect(),
        found => {
            let wide = found == Some(Found::WideLetters);
            let at = style.write(screened);
            strengths.enumerate().map(|(number, strength)| full(case, number, strength, &at, wide)).collect()
        }
    }
}

fn full(case: &Case, number: usize, strength: &str, at: &str, wide: bool) -> Value {
    let matched = if wide { "𠮷田 Wideletter".to_owned() } else { case.name.to_uppercase() };
    let compared: Vec<Value> = case.secondary_fields.iter().map(compared).collect();
    json!({
        "resultId": case.id_of("result", number),
        "referenceId": format!("e_tr_wci_{}", 4_000_000 + number),
        "matchStrength": strength,
        "matchScore": null,
        "matchedTerm": matched,
        "matchedTerms": [{"term": matched, "type": "PRIMARY"}],
        "submittedTerm": case.name,
        "matchedNameType": "PRIMARY",
        "secondaryFieldResults": compared,
        "sources": ["b_trwc_SANDBOX"],
        "categories": ["Sanctions", "Sanctions"],
        "creationDate": at,
        "modificationDate": at,
        "lastAlertDate": at,
        "resolution": null,
        "resultReview": {"reviewRequired": false, "reviewRequiredDate": null, "reviewRemark": null, "reviewDate": null},
        "primaryName": matched,
        "events": [],
        "countryLinks": [],
        "identityDocuments": [],
        "category": "SANCTIONS",
        "providerType": "WATCHLIST",
        "gender": null,
        "entityCreationDate": "2031-01-01T00:00:00.000Z",
        "entityModificationDate": "2031-01-02T00:00:00.000Z",
        "pepStatus": null,
        "actionTypes": [],
    })
}

fn compared(field: &Value) -> Value {
    json!({
        "field": null,
        "typeId": field["typeId"],
        "submittedValue": field["value"],
        "submittedDateTimeValue": field["dateTimeValue"],
        "matchedValue": null,
        "matchedDateTimeValue": null,
        "fieldResult": "UNKNOWN",
    })
}

/// Only what is never null.
fn bare(strength: &str) -> Value {
    json!({
        "resultId": null,
        "referenceId": "e_tr_wci_5000000",
        "matchStrength": strength,
        "matchScore": null,
        "matchedTerm": null,
        "matchedTerms": null,
        "submittedTerm": null,
        "matchedNameType": null,
        "secondaryFieldResults": null,
        "sources": null,
        "categories": null,
        "creationDate": null,
        "modificationDate": null,
        "resolution": null,
        "resultReview": null,
        "primaryName": null,
        "category": null,
        "providerType": null,
    })
}
