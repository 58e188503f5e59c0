//! What the vendor says when it refuses.

use serde::Deserialize;
use waybill_egress::Answer;

/// Longest message that is passed on, in characters.
const LONGEST: usize = 256;

/// The envelope of refusals. It may be absent, HTML or empty, and each of its fields may be missing.
#[derive(Debug, Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

/// The vendor's message: one line of bounded length, when it wrote one.
pub(crate) fn message(answer: &Answer) -> Option<String> {
    let envelope: Envelope = serde_json::from_slice(&answer.body).unwrap_or_default();
    [envelope.message, envelope.error].into_iter().flatten().find_map(|text| tidy(&text))
}

/// The same of a refusal of the key, where the vendor's text is the one that the interface shows.
pub(crate) fn denial(answer: &Answer) -> String {
    let envelope: Envelope = serde_json::from_slice(&answer.body).unwrap_or_default();
    envelope.message.and_then(|text| tidy(&text)).unwrap_or_else(|| "AccessDenied".to_owned())
}

fn tidy(text: &str) -> Option<String> {
    let one_line: String =
        text.chars().take(LONGEST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let trimmed = one_line.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, StatusCode};

    use super::*;

    fn answer(body: &str) -> Answer {
        Answer {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
            took: Duration::ZERO,
        }
    }

    #[test]
    fn the_message_is_one_line_of_bounded_length() {
        assert_eq!(
            message(&answer(r#"{"message":"no\nsuch\u0000asset "}"#)).as_deref(),
            Some("no such asset")
        );
        let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(2000));
        assert_eq!(message(&answer(&long)).unwrap().chars().count(), LONGEST);
        assert_eq!(message(&answer(r#"{"error":"Bad Request"}"#)).as_deref(), Some("Bad Request"));
    }

    #[test]
    fn what_is_no_envelope_has_no_message() {
        for body in
            ["", "<html>", "null", "[]", r#"{"message":null}"#, r#"{"message":" "}"#, r#"{"message":1}"#]
        {
            assert_eq!(message(&answer(body)), None, "{body}");
            assert_eq!(denial(&answer(body)), "AccessDenied", "{body}");
        }
        let envelope = r#"{"status":403,"error":"Forbidden","path":"/api/kyt/v2/users/1/transfers"}"#;
        assert_eq!(denial(&answer(envelope)), "AccessDenied");
    }
}
