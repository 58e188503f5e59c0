//! `POST /cases/screeningStatus`: for up to fifty cases at once.

use serde::Deserialize;
use serde_json::{Value, json};
use waybill_domain::{Timestamp, parse_time};

use super::case::Case;
use super::create::style;
use super::error::{error, malformed, no_case};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

const LARGEST_BATCH: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Batch {
    screening_status_requests: Vec<One>,
    provider_types: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct One {
    case_system_id: String,
    date_from: String,
}

/// 200 with an array in the order of the request.
pub(super) fn status(playing: &Playing, asked: &Asked) -> Result<Answer, Answer> {
    let batch: Batch = serde_json::from_slice(&asked.body).map_err(|_| malformed())?;
    let asked_for = &batch.screening_status_requests;
    if asked_for.is_empty() || asked_for.len() > LARGEST_BATCH {
        return Err(error(400, "INVALID_BATCH_SIZE", "Between 1 and 50 cases can be asked about."));
    }
    let cases = playing.cases();
    let shown: Result<Vec<Value>, Answer> = asked_for
        .iter()
        .map(|one| {
            let from = parse_time(&one.date_from)
                .map_err(|_| error(400, "INVALID_DATE", "dateFrom is no date with a time."))?;
            let case = cases.get(&one.case_system_id).ok_or_else(|| no_case(&one.case_system_id))?;
            Ok(shown(case, asked.now, from, batch.provider_types.is_some(), style(asked)))
        })
        .collect();
    Ok(Answer::json(200, &shown?))
}

fn shown(case: &Case, now: Timestamp, from: Timestamp, by_provider: bool, style: Style) -> Value {
    let last = case.last_screened(now);
    let status = if last.is_some_and(|last| last >= from) { "SCREENED" } else { "NOT_SCREENED" };
    let total = case.strengths(now).len();
    let mut summary = json!({"totalMatches": total, "reviewRequired": 0, "unresolved": total});
    let mut shown = json!({"caseSystemId": case.system_id});
    if by_provider {
        summary["status"] = json!(status);
    } else {
        shown["screeningStatus"] = json!(status);
    }
    shown["requestFromScreenedDate"] = json!(style.write(from));
    if let Some(last) = last {
        shown["lastScreenedDate"] = json!(style.write(last));
    }
    shown["providerSummaries"] = json!({"WATCHLIST": summary});
    shown
}
