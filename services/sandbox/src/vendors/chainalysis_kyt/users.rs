//! `GET /v1/users/` and `GET /v1/users/{userId}`

use serde_json::{Value, json};
use waybill_domain::Timestamp;

use super::error;
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

/// All users that something was registered for, or one of them.
pub(super) fn users(playing: &Playing, asked: &Asked, wanted: Option<&str>) -> Result<Answer, Answer> {
    let mut seen: Vec<(String, Timestamp, Timestamp)> = Vec::new();
    for record in playing.registered().iter() {
        match seen.iter_mut().find(|(user, ..)| *user == record.user) {
            Some((_, _, last)) => *last = record.registered_at,
            None => seen.push((record.user.clone(), record.registered_at, record.registered_at)),
        }
    }
    let shown = |(user, first, last): &(String, Timestamp, Timestamp)| {
        json!({
            "score": null,
            "scoreUpdatedDate": null,
            "exposureDetails": [],
            "lastActivity": Style::Offset.write(*last),
            "riskScore": null,
            "creationDate": Style::Offset.write(*first),
            "userId": user,
        })
    };
    let Some(wanted) = wanted else {
        let data: Vec<Value> = seen.iter().map(shown).collect();
        return Ok(Answer::json(200, &json!({"limit": 100, "offset": 0, "total": data.len(), "data": data})));
    };
    let user = seen.iter().find(|(user, ..)| user == wanted);
    user.map(|user| Answer::json(200, &shown(user)))
        .ok_or_else(|| error(asked, 404, Some("The user is unknown")))
}
