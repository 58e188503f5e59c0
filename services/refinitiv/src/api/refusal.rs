//! What the vendor says when it refuses.

use serde::Deserialize;

/// A refusal with a body: `[{"error", "cause"}]`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's words. They can repeat what was asked.
    cause: Option<String>,
}

#[derive(Deserialize)]
struct OneRefusal {
    error: Option<String>,
    cause: Option<String>,
}

const CASE_ID_EXISTS: &str = "CASE_ID_EXISTS";
const LONGEST_CODE: usize = 64;
const LONGEST_CAUSE: usize = 256;

impl Refusal {
    /// Reads the body of a 4xx. It may be absent or anything.
    pub fn read(status: u16, body: &[u8]) -> Self {
        let first = serde_json::from_slice::<Vec<OneRefusal>>(body).unwrap_or_default().into_iter().next();
        let (code, cause) = first.map(|first| (first.error, first.cause)).unwrap_or_default();
        let is_code = |code: &String| {
            code.len() <= LONGEST_CODE
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        Self { status, code: code.filter(is_code), cause }
    }

    /// Whether the case is there already: an earlier answer was lost.
    pub fn is_case_id_taken(&self) -> bool {
        self.code.as_deref() == Some(CASE_ID_EXISTS)
    }

    /// A word for records.
    pub fn reason(&self) -> String {
        self.code.clone().unwrap_or_else(|| format!("HTTP-{}", self.status))
    }

    /// The vendor's words for the caller, unless one of the `secrets` is in them: what was asked about a person.
    pub fn words<'a>(&self, mut secrets: impl Iterator<Item = &'a str>) -> String {
        let code = self.reason();
        let cause = self.cause.as_deref().unwrap_or_default();
        let told = cause.to_lowercase();
        let repeats = secrets.any(|secret| !secret.is_empty() && told.contains(&secret.to_lowercase()));
        if cause.is_empty() || repeats {
            return code;
        }
        let cause: String = cause.chars().filter(|letter| !letter.is_control()).take(LONGEST_CAUSE).collect();
        format!("{code}: {cause}")
    }
}

/// Shows nothing that the vendor may repeat.
impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(body: &str, secrets: &[&str]) -> String {
        Refusal::read(400, body.as_bytes()).words(secrets.iter().copied())
    }

    #[test]
    fn the_vendor_is_quoted() {
        let body =
            r#"[{"error":"INVALID_PROVIDER_TYPE","cause":"Provider types are invalid.","objectId":null}]"#;
        assert_eq!(words(body, &["Taylor Robbins"]), "INVALID_PROVIDER_TYPE: Provider types are invalid.");
        assert!(Refusal::read(400, br#"[{"error":"CASE_ID_EXISTS","cause":"x"}]"#).is_case_id_taken());
    }

    #[test]
    fn it_is_not_quoted_where_it_repeats_what_was_asked() {
        let body = r#"[{"error":"INVALID_NAME","cause":"Name 'taylor ROBBINS' is invalid"}]"#;
        assert_eq!(words(body, &["1990-01-02", "Taylor Robbins"]), "INVALID_NAME");
        assert!(!format!("{:?}", Refusal::read(400, body.as_bytes())).contains("ROBBINS"));
    }

    #[test]
    fn whatever_the_body_is_there_are_words() {
        for body in ["", "<html>", "[]", "{}", "null", r#"[{"error":"not a code: Taylor"}]"#, "\u{feff}[]"] {
            assert_eq!(words(body, &[]), "HTTP-400", "{body}");
        }
        let long = format!(r#"[{{"error":"E","cause":"{}\u0007"}}]"#, "ж".repeat(1000));
        assert_eq!(words(&long, &[]).chars().count(), 3 + LONGEST_CAUSE);
    }
}
