//! The one shape in which a refusal travels: an HTTP status, a code and a message.

use std::borrow::Cow;

/// A refusal that a caller sees as `{"code", "message"}`. Holds no personal data, key or token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// Stable code, SCREAMING-KEBAB, for programs.
    pub code: Cow<'static, str>,
    /// Text for people.
    pub message: Cow<'static, str>,
    /// Seconds after which trying again makes sense; becomes `Retry-After`.
    pub retry_after: Option<u32>,
}

impl Fault {
    /// A refusal with a fixed code.
    pub fn new(status: u16, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: Cow::Borrowed(code), message: message.into(), retry_after: None }
    }

    /// `MISSING-X`: the mandatory field at the dotted `path` is absent.
    pub fn missing(path: &str) -> Self {
        Self::of_field("MISSING", path, "is required.")
    }

    /// `INVALID-X`: the field at the dotted `path` has a wrong type or value.
    pub fn invalid(path: &str) -> Self {
        Self::of_field("INVALID", path, "is invalid value.")
    }

    /// As [`Fault::invalid`], with a sentence that says what was wrong. `why` must not repeat the value.
    pub fn invalid_because(path: &str, why: &str) -> Self {
        let mut fault = Self::invalid(path);
        fault.message = Cow::Owned(format!("{} {why}", fault.message));
        fault
    }

    /// Adds the number of seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn of_field(kind: &str, path: &str, ending: &str) -> Self {
        Self {
            status: 400,
            code: Cow::Owned(format!("{kind}-{}", field_code(path))),
            message: Cow::Owned(format!("`{path}` {ending}")),
            retry_after: None,
        }
    }
}

/// The last segment of a dotted path in SCREAMING-KEBAB, indices left out: `a.keyType` gives `KEY-TYPE`.
fn field_code(path: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    let last = last.split('[').next().unwrap_or(last);
    if last == "beneficiaryVaspId" {
        return "VASP".to_owned(); // the one exception the interface makes
    }
    let letters: Vec<char> = last.chars().collect();
    let mut code = String::with_capacity(letters.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && !letters[at - 1].is_ascii_uppercase();
        let starts_word = after_lower || letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if at > 0 && letter.is_ascii_uppercase() && starts_word {
            code.push('-');
        }
        code.push(letter.to_ascii_uppercase());
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_codes_follow_the_catalogue_rule() {
        for (path, code) in [
            ("keyType", "MISSING-KEY-TYPE"),
            ("beneficiaryVaspId", "MISSING-VASP"),
            ("payload.version", "MISSING-VERSION"),
            ("payload.ivms101", "MISSING-IVMS101"),
            ("payload.ivms101.beneficiary.accountNumber[0]", "MISSING-ACCOUNT-NUMBER"),
            ("assetInfo.tradeISODatetime", "MISSING-TRADE-ISO-DATETIME"),
            ("verificationUuid", "MISSING-VERIFICATION-UUID"),
        ] {
            assert_eq!(Fault::missing(path).code, code);
        }
    }

    #[test]
    fn the_message_names_the_dotted_path() {
        assert_eq!(Fault::missing("payload.version").message, "`payload.version` is required.");
        assert_eq!(Fault::invalid("keyType").message, "`keyType` is invalid value.");
    }
}
