//! Whether cases have been screened: `POST /cases/screeningStatus`.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use waybill_domain::{Timestamp, format_time};
use waybill_vendors::parse_vendor_time;

/// Cases that one request may name.
pub(crate) const MOST_AT_ONCE: usize = 50;
const SCREENED: &str = "SCREENED";
const WATCHLIST: &str = "WATCHLIST";

/// A case that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScreeningAsked {
    pub case_system_id: String,
    /// Screenings before this time are not ours.
    pub since: Timestamp,
}

/// How far the vendor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not screened since we asked, whatever there was before.
    Pending,
    /// Screened; when, as far as the vendor says.
    Screened(Option<Timestamp>),
}

/// One entry of the answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OneStatus {
    case_system_id: Option<String>,
    screening_status: Option<String>,
    last_screened_date: Option<String>,
    #[serde(default)]
    provider_summaries: Option<Map<String, Value>>,
}

/// The body of the request.
pub(crate) fn body(asked: &[ScreeningAsked]) -> Value {
    let one = |case: &ScreeningAsked| json!({"caseSystemId": case.case_system_id, "dateFrom": format_time(case.since)});
    json!({"screeningStatusRequests": asked.iter().map(one).collect::<Vec<_>>()})
}

/// What the answer says of a case; pending when it says nothing of it.
pub(crate) fn standing_of(asked: &ScreeningAsked, answer: &[OneStatus]) -> Standing {
    let about = |entry: &&OneStatus| entry.case_system_id.as_deref() == Some(&asked.case_system_id);
    answer.iter().find(about).map_or(Standing::Pending, |entry| entry.standing(asked.since))
}

impl OneStatus {
    fn standing(&self, since: Timestamp) -> Standing {
        let last = self.last_screened_date.as_deref().and_then(parse_vendor_time);
        if !self.is_screened() || last.is_some_and(|last| last < since) {
            return Standing::Pending;
        }
        Standing::Screened(last)
    }

    /// The word stands at the top, or with the provider.
    fn is_screened(&self) -> bool {
        let of_provider = || self.provider_summaries.as_ref()?.get(WATCHLIST)?.get("status")?.as_str();
        self.screening_status.as_deref().or_else(of_provider) == Some(SCREENED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> ScreeningAsked {
        ScreeningAsked {
            case_system_id: "5jb7r2c9xjfk1hoc95gfayv6m".to_owned(),
            since: "2023-05-18T12:39:45Z".parse().unwrap(),
        }
    }

    fn standing(answer: Value) -> Standing {
        let answer: Vec<OneStatus> = serde_json::from_value(answer).unwrap();
        standing_of(&asked(), &answer)
    }

    fn entry(more: Value) -> Value {
        let mut entry = json!({"caseSystemId": "5jb7r2c9xjfk1hoc95gfayv6m"});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([entry])
    }

    /// F25: the date stands in the question, so no window of the vendor's matters.
    #[test]
    fn f25_the_question_names_the_time_of_each_case() {
        let expected = r#"{"screeningStatusRequests":[{"caseSystemId":"5jb7r2c9xjfk1hoc95gfayv6m","dateFrom":"2023-05-18T12:39:45.000Z"}]}"#;
        assert_eq!(body(&[asked()]).to_string(), expected);
    }

    #[test]
    fn screened_since_we_asked() {
        let at = "2023-05-18T12:39:46.5Z".parse().ok();
        for (answer, expected) in [
            (
                entry(json!({"screeningStatus": "SCREENED", "lastScreenedDate": "2023-05-18T12:39:46.500Z"})),
                at,
            ),
            (entry(json!({"screeningStatus": "SCREENED", "newField": 1, "providerSummaries": null})), None),
            (entry(json!({"providerSummaries": {"WATCHLIST": {"status": "SCREENED"}}})), None),
        ] {
            assert_eq!(standing(answer), Standing::Screened(expected));
        }
    }

    #[test]
    fn f24_an_older_screening_is_none() {
        let stale = json!({"screeningStatus": "SCREENED", "lastScreenedDate": "2023-05-18T12:39:44.999Z"});
        assert_eq!(standing(entry(stale)), Standing::Pending);
    }

    #[test]
    fn everything_else_is_pending() {
        for answer in [
            json!([]),
            json!([{"caseSystemId": "another", "screeningStatus": "SCREENED"}]),
            json!([{"screeningStatus": "SCREENED"}]),
            entry(json!({"screeningStatus": "NOT_SCREENED"})),
            entry(json!({"screeningStatus": "PARTLY"})),
            entry(json!({})),
            entry(
                json!({"screeningStatus": "NOT_SCREENED", "providerSummaries": {"WATCHLIST": {"status": "SCREENED"}}}),
            ),
        ] {
            assert_eq!(standing(answer.clone()), Standing::Pending, "{answer}");
        }
    }
}
