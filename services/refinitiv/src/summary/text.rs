//! The summary of a case: always whole JSON, and never longer than its column.

use serde_json::{Map, Value};

/// Longest summary, in characters: the column of the interface.
const MAX_CHARACTERS: usize = 4096;
const AGGREGATED: &str = "aggregatedResultSummaries";
/// Staff of the VASP: who they are is for nobody to read here.
const STAFF: [&str; 3] = ["creator", "modifier", "assignee"];
/// What remains when even the aggregated summary is too long: plain numbers.
const COUNTS: [(&str, &[&str]); 3] = [
    ("mediaCheck", &["mediaCheckAttachedCount", "mediaCheckReviewRequired"]),
    ("watchlist", &["watchlistTotalMatches", "watchlistUnresolved", "watchlistReviewRequired"]),
    (
        "clientWatchlist",
        &["clientWatchlistTotalMatches", "clientWatchlistUnresolved", "clientWatchlistReviewRequired"],
    ),
];
/// Longest id that is repeated in a shortened summary.
const MAX_ID: usize = 128;

/// The whole case without the people who work on it; when that is too long, its ids and the aggregated summary; when
/// that is too long still, its ids and the counts.
pub(crate) fn summary(case: &Value) -> String {
    let whole = without_staff(case);
    let text = whole.to_string();
    if fits(&text) {
        return text;
    }
    let aggregated = whole.get(AGGREGATED).cloned().unwrap_or_default();
    let text = with_ids(&whole, aggregated.clone());
    if fits(&text) { text } else { with_ids(&whole, counts(&aggregated)) }
}

/// The count of the case's watchlist matches, when it says so.
pub(crate) fn watchlist_matches(case: &Value) -> Option<u64> {
    case.get(AGGREGATED)?.get("watchlist")?.get("watchlistTotalMatches")?.as_u64()
}

fn fits(text: &str) -> bool {
    text.chars().count() <= MAX_CHARACTERS
}

fn without_staff(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !is_about_staff(name));
            Value::Object(kept.map(|(name, value)| (name.clone(), without_staff(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(without_staff).collect()),
        other => other.clone(),
    }
}

fn is_about_staff(name: &str) -> bool {
    STAFF.contains(&name) || name.to_ascii_lowercase().contains("email")
}

fn with_ids(case: &Value, aggregated: Value) -> String {
    let ids = ["caseId", "caseSystemId"].into_iter().filter_map(|name| {
        let id = case.get(name)?.as_str().filter(|id| id.len() <= MAX_ID)?;
        Some((name.to_owned(), Value::from(id)))
    });
    let fields = ids.chain([(AGGREGATED.to_owned(), aggregated)]);
    Value::Object(fields.collect()).to_string()
}

fn counts(aggregated: &Value) -> Value {
    let numbers = |from: &Value, names: &[&str]| -> Map<String, Value> {
        let number = |name: &&str| Some(((*name).to_owned(), Value::from(from.get(name)?.as_u64()?)));
        names.iter().filter_map(number).collect()
    };
    let mut all = numbers(aggregated, &["totalSubCases", "totalMandatoryActions"]);
    for (part, names) in COUNTS {
        if let Some(from) = aggregated.get(part) {
            all.insert(part.to_owned(), Value::Object(numbers(from, names)));
        }
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case(name: &str, categories: usize) -> Value {
        let by_category: Map<String, Value> =
            (0..categories).map(|n| (format!("Category number {n} 🜛"), json!(n))).collect();
        json!({
            "caseId": "u-INCOMING-1", "name": name, "creator": {"email": "staff@example.invalid"},
            "modifier": null, "assignee": null, "contactEmail": "staff@example.invalid", "caseSystemId": "5jb7",
            "aggregatedResultSummaries": {
                "totalSubCases": 0,
                "watchlist": {"watchlistTotalMatches": 3, "categorisedMatches": {"watchlistUnresolvedBySubCategory": by_category}},
                "clientWatchlist": {"clientWatchlistTotalMatches": 1},
            },
        })
    }

    #[test]
    fn a_case_is_kept_as_it_is_but_for_the_staff() {
        let text = summary(&case("Taylor Robbins", 1));
        assert!(
            text.starts_with(r#"{"caseId":"u-INCOMING-1","name":"Taylor Robbins","caseSystemId""#),
            "{text}"
        );
        assert!(text.ends_with("}}}") && !text.contains("staff"), "{text}");
        assert_eq!(watchlist_matches(&serde_json::from_str(&text).unwrap()), Some(3));
    }

    #[test]
    fn f26_a_long_one_is_cut_down_to_what_fits_and_never_in_its_middle() {
        let long_name = summary(&case(&"Ж".repeat(4096), 10));
        let many_categories = summary(&case("Taylor", 500));
        for text in [&long_name, &many_categories] {
            assert!(text.chars().count() <= 4096);
            let read: Value = serde_json::from_str(text).unwrap();
            assert_eq!((watchlist_matches(&read), &read["caseSystemId"]), (Some(3), &json!("5jb7")));
        }
        assert!(long_name.contains("Category number 9 🜛"));
        assert!(!many_categories.contains("Category"));
        assert!(many_categories.ends_with(r#""clientWatchlist":{"clientWatchlistTotalMatches":1}}}"#));
    }

    #[test]
    fn whatever_the_vendor_sends_the_summary_is_short_json() {
        let long = json!("x".repeat(9000));
        for odd in [
            json!([1]),
            json!(null),
            json!({"caseSystemId": long, "aggregatedResultSummaries": [long]}),
            long.clone(),
        ] {
            let text = summary(&odd);
            assert!(fits(&text) && serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        let text = summary(&json!({"name": "김".repeat(4000)}));
        assert_eq!((text.chars().count(), text.len()), (4011, 12011));
    }
}
