//! `HEAD /caseIdentifiers?caseId=` and `GET /caseReferences?caseId=`: what became of a case whose answer was lost.

use serde_json::json;

use super::error::{error, error_about};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::state::Playing;

/// 200 when the id is taken, 404 when it is free.
pub(super) fn is_taken(playing: &Playing, asked: &Asked) -> Answer {
    let taken = asked.parameter("caseId").is_some_and(|id| playing.cases().system_id(id).is_some());
    Answer::empty(if taken { 200 } else { 404 })
}

/// The vendor's id of a case.
pub(super) fn reference(playing: &Playing, asked: &Asked) -> Result<Answer, Answer> {
    let id = asked.parameter("caseId").ok_or_else(|| error(400, "INVALID_FIELD", "caseId is missing."))?;
    let cases = playing.cases();
    let system_id = cases
        .system_id(id)
        .ok_or_else(|| error_about(404, "CASE_NOT_FOUND", "The case does not exist.", id))?;
    Ok(Answer::json(200, &json!({"caseId": id, "caseSystemId": system_id})))
}
