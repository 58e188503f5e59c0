//! The vendor refuses requests whose `Date` is too far from its own clock; so ours is corrected by what it says.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use http::HeaderMap;
use http::header::DATE;
use waybill_domain::Timestamp;

use super::server_time::read_http_date;

/// Differences up to this are no reason for a refusal: the vendor allows 30 s.
const TOLERATED: TimeDelta = TimeDelta::seconds(25);

/// How far the vendor's clock is ahead of ours, as far as it matters.
#[derive(Debug, Default)]
pub(crate) struct ClockSkew(AtomicI64);

impl ClockSkew {
    /// The vendor's time at our time `now`.
    pub fn correct(&self, now: Timestamp) -> Timestamp {
        let offset = TimeDelta::milliseconds(self.0.load(Ordering::Relaxed));
        now.checked_add_signed(offset).unwrap_or(now)
    }

    /// After a refusal: true when the clock was wrong for it and has been corrected, so that asking again makes sense.
    pub fn learn(&self, sent_at: Timestamp, now: Timestamp, headers: &HeaderMap) -> bool {
        let Some(theirs) = headers.get(DATE).and_then(|date| date.to_str().ok()).and_then(read_http_date)
        else {
            return false;
        };
        if (theirs - sent_at).abs() <= TOLERATED {
            return false;
        }
        let offset = theirs - now;
        self.0.store(offset.num_milliseconds(), Ordering::Relaxed);
        tracing::error!(
            alarm = "screening",
            vendor = "refinitiv-wco",
            skew_s = offset.num_seconds(),
            "the vendor's clock differs from ours; signing goes by theirs"
        );
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn date(text: &str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, text.parse().unwrap())])
    }

    #[test]
    fn f8_a_difference_that_matters_is_learnt_once() {
        for theirs in [
            "Thu, 18 May 2023 12:40:16 GMT",
            "Thu, 18 May 2023 12:44:45 GMT",
            "Thu, 18 May 2023 12:34:45 GMT",
        ] {
            let (skew, now) = (ClockSkew::default(), at("2023-05-18T12:39:45Z"));
            assert!(skew.learn(now, now, &date(theirs)), "{theirs}");
            let corrected = skew.correct(now);
            assert_eq!(super::super::sign::http_date(corrected), theirs);
            assert!(!skew.learn(corrected, now, &date(theirs)), "the refusal has another reason then");
        }
    }

    #[test]
    fn a_clock_that_was_set_right_is_believed_again() {
        let (skew, now) = (ClockSkew::default(), at("2023-05-18T12:39:45Z"));
        assert!(skew.learn(now, now, &date("Thu, 18 May 2023 12:44:45 GMT")));
        let later = at("2023-05-18T12:45:00Z");
        assert!(skew.learn(skew.correct(later), later, &date("Thu, 18 May 2023 12:45:00 GMT")));
        assert_eq!(skew.correct(later), later);
    }

    #[test]
    fn f9_another_refusal_teaches_nothing() {
        let (skew, now) = (ClockSkew::default(), at("2023-05-18T12:39:45Z"));
        for headers in [HeaderMap::new(), date("soon"), date("Thu, 18 May 2023 12:40:10 GMT")] {
            assert!(!skew.learn(now, now, &headers));
        }
        assert_eq!(skew.correct(now), now);
    }
}
