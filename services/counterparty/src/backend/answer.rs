//! Fields that the backend's answers have in common.

use serde_json::Value;
use waybill_domain::limits;
use waybill_protocol::Hidden;

use super::BackendError;

/// An optional text. `null` and empty text count as absent.
pub(super) fn text<'a>(answer: &'a Value, field: &'static str) -> Result<Option<&'a str>, BackendError> {
    match answer.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(BackendError::InvalidAnswer(field)),
    }
}

/// A text that must be there and be read as a `T`.
pub(super) fn parsed<T: std::str::FromStr>(answer: &Value, field: &'static str) -> Result<T, BackendError> {
    let read = text(answer, field)?.and_then(|text| text.parse().ok());
    read.ok_or(BackendError::InvalidAnswer(field))
}

/// The message, for people: one line, cut to the length of its column.
pub(super) fn message(answer: &Value) -> Result<Option<Hidden<String>>, BackendError> {
    let one_line = |letter: char| if letter.is_control() { ' ' } else { letter };
    let tidy = |text: &str| Hidden(text.chars().take(limits::MESSAGE).map(one_line).collect());
    Ok(text(answer, "message")?.map(tidy))
}

/// The reason, one of those that `allowed` lists for the result.
pub(super) fn reason(answer: &Value, allowed: &[&'static str]) -> Result<Option<&'static str>, BackendError> {
    let Some(given) = text(answer, "reason")? else { return Ok(None) };
    let known = allowed.iter().copied().find(|reason| *reason == given);
    known.map(Some).ok_or(BackendError::InvalidAnswer("reason"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_one_line_of_bounded_length() {
        let answer = json!({"message": format!("a\nb{}", "é".repeat(2000))});
        let tidy = message(&answer).unwrap().unwrap();
        assert!(tidy.starts_with("a bé"));
        assert_eq!(tidy.chars().count(), limits::MESSAGE);
        assert_eq!(message(&json!({"message": null})), Ok(None));
        assert_eq!(message(&json!({"message": 1})), Err(BackendError::InvalidAnswer("message")));
    }
}
