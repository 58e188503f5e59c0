//! `POST /cases/{caseSystemId}/screeningRequest` and `POST /cases/screeningRequest`

use chrono::Duration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::case_json::shown;
use super::create::{add, style};
use super::error::{malformed, no_case, quota};
use super::{new_case, results};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    screening_mode: Option<String>,
    case_info: Option<Value>,
}

/// 201 without a body: the screening ends later. With a body that wants it at once, 200 with the results.
pub(super) fn later(
    playing: &Playing,
    settings: &Settings,
    asked: &Asked,
    id: &str,
) -> Result<Answer, Answer> {
    let waits = wants_results(asked)?;
    let mut cases = playing.cases();
    if cases.get(id).is_none() {
        return Err(no_case(id));
    }
    if !cases.may_screen(asked.now, settings.screenings_per_hour) {
        return Err(quota());
    }
    let case = cases.get_mut(id).ok_or_else(|| no_case(id))?;
    if waits {
        case.screen(asked.now, Duration::zero());
        let found = results::of(case, asked.now, style(asked));
        return Ok(Answer::json(
            200,
            &json!({"case": shown(case, asked.now, false, style(asked)), "results": found}),
        ));
    }
    case.screen(asked.now, Duration::from_std(settings.delay).unwrap_or(Duration::zero()));
    Ok(Answer::empty(201))
}

/// Makes a case and screens it; 200 with case and results in one.
pub(super) fn at_once(playing: &Playing, settings: &Settings, asked: &Asked) -> Result<Answer, Answer> {
    let new = new_case::read(playing, settings, asked)?;
    let mut cases = playing.cases();
    let is_taken = new.case_id.as_deref().is_some_and(|id| cases.system_id(id).is_some());
    if !is_taken && !cases.may_screen(asked.now, settings.screenings_per_hour) {
        return Err(quota());
    }
    let case = add(&mut cases, new, asked)?;
    case.screen(asked.now, Duration::zero());
    let mut body = shown(case, asked.now, false, style(asked));
    body["results"] = json!(results::of(case, asked.now, style(asked)));
    Ok(Answer::json(200, &body))
}

/// Whether the body, if any, asks for the results in the answer.
fn wants_results(asked: &Asked) -> Result<bool, Answer> {
    if asked.body.is_empty() {
        return Ok(false);
    }
    let wanted: Wanted = serde_json::from_slice(&asked.body).map_err(|_| malformed())?;
    let _ = wanted.case_info; // any
    match wanted.screening_mode.as_deref() {
        None | Some("ASYNC") => Ok(false),
        Some("SYNC") => Ok(true),
        Some(_) => Err(malformed()),
    }
}
