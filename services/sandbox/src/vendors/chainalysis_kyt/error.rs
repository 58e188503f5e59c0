//! The envelope of KYT's errors.

use axum::http::StatusCode;
use serde_json::json;

use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::times::Style;

/// `{"timestamp", "status", "error", "message"?, "path"}`
pub(in crate::vendors) fn error(asked: &Asked, status: u16, message: Option<&str>) -> Answer {
    let phrase = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut body = json!({
        "timestamp": Style::Offset.write(asked.now),
        "status": status,
        "error": phrase.unwrap_or("Error"),
    });
    if let Some(message) = message {
        body["message"] = json!(message);
    }
    body["path"] = json!(asked.uri.path());
    Answer::json(status, &body)
}
