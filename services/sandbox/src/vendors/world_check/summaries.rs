//! How many matches of which category a case has.

use serde_json::{Map, Value, json};
use waybill_domain::Timestamp;

use super::case::Case;
use crate::vendors::magic::Found;

/// The field `aggregatedResultSummaries`.
pub(super) fn of(case: &Case, now: Timestamp) -> Value {
    let total = case.strengths(now).len();
    let categories = categories(case, total);
    json!({
        "totalSubCases": 0,
        "totalMandatoryActions": total,
        "mediaCheck": {"mediaCheckAttachedCount": 0, "mediaCheckReviewRequired": 0},
        "watchlist": {
            "watchlistTotalMatches": total,
            "watchlistUnresolved": total,
            "watchlistReviewRequired": 0,
            "categorisedMatches": {
                "watchlistUnresolvedBySubCategory": categories,
                "watchlistReviewRequiredBySubCategory": {},
            },
        },
        "clientWatchlist": {
            "clientWatchlistTotalMatches": 0,
            "clientWatchlistUnresolved": 0,
            "clientWatchlistReviewRequired": 0,
        },
    })
}

fn categories(case: &Case, total: usize) -> Value {
    if total == 0 {
        return json!({});
    }
    if case.magic.is_some_and(|magic| magic.found == Found::LongSummary) {
        let many =
            (1..=120).map(|number| (format!("Invented sub-category of watch lists no. {number}"), json!(1)));
        return Value::Object(many.collect::<Map<_, _>>());
    }
    json!({"Sanctions": total})
}
