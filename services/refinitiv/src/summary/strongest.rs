//! The strongest of a case's matches.

use serde::Deserialize;
use serde_json::Value;
use waybill_domain::MatchStrength;

/// What is read of a result: nothing else of a list that can be long is kept.
#[derive(Deserialize)]
pub(crate) struct OneResult {
    #[serde(rename = "matchStrength", default)]
    strength: Value,
}

/// How many matches a case has, and how strong the strongest is.
///
/// A match whose strength is missing or a word that we don't know counts as `EXACT`: it is not for us to say that it is
/// weaker, so a person looks at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Matches {
    pub strongest: Option<MatchStrength>,
    pub total: u32,
    /// How many were counted as `EXACT` for that reason.
    pub unknown: u32,
}

impl Matches {
    /// Of all results of a case.
    pub fn of(results: &[OneResult]) -> Self {
        let known = |result: &OneResult| result.strength.as_str()?.parse::<MatchStrength>().ok();
        let strengths = results.iter().map(known);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            total: count(results.len()),
            unknown: count(strengths.clone().filter(Option::is_none).count()),
            strongest: strengths.map(|strength| strength.unwrap_or(MatchStrength::Exact)).max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<MatchStrength>, u32, u32) {
        let matches = Matches::of(&serde_json::from_str::<Vec<OneResult>>(text).unwrap());
        (matches.strongest, matches.total, matches.unknown)
    }

    #[test]
    fn the_strongest_of_all_counts() {
        use MatchStrength::{Exact, Strong, Weak};
        for (text, expected) in [
            ("[]", (None, 0, 0)),
            (r#"[{"matchStrength":"WEAK","categories":["PEP","PEP"]}]"#, (Some(Weak), 1, 0)),
            (r#"[{"matchStrength":"WEAK"},{"matchStrength":"STRONG","x":{"y":[1]}}]"#, (Some(Strong), 2, 0)),
            (r#"[{"matchStrength":"EXACT"},{"matchStrength":"MEDIUM"}]"#, (Some(Exact), 2, 0)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn f12_an_unknown_strength_is_no_weaker_than_the_strongest() {
        let words = [r#""CERTAIN""#, r#""exact""#, "null", "7", r#"["WEAK"]"#];
        let unknown = words.map(|word| format!(r#"{{"matchStrength":{word}}}"#));
        for one in unknown.iter().map(String::as_str).chain(["{}"]) {
            let list = format!(r#"[{{"matchStrength":"WEAK"}},{one}]"#);
            assert_eq!(read(&list), (Some(MatchStrength::Exact), 2, 1), "{one}");
        }
    }
}
