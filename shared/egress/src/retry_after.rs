//! The `Retry-After` header, RFC 9110 §10.2.3.

use std::time::Duration;

use chrono::DateTime;
use http::HeaderMap;
use http::header::RETRY_AFTER;
use waybill_domain::Timestamp;

/// The wait it asks for; zero for a date that has passed, nothing when absent or unreadable.
pub(crate) fn read_retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use waybill_domain::Clock;
    use waybill_testkit::MockClock;

    use super::*;

    #[test]
    fn reads_seconds_and_dates() {
        let now = MockClock::default().now(); // 2026-01-02 03:04:05
        for (text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Fri, 02 Jan 2026 03:05:05 GMT", Some(60)),
            ("Thu, 01 Jan 2026 03:05:05 GMT", Some(0)),
            ("-5", None),
            ("", None),
            ("soon", None),
            ("99999999999999999999", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(read_retry_after(&headers, now), seconds.map(Duration::from_secs), "{text:?}");
        }
        assert_eq!(read_retry_after(&HeaderMap::new(), now), None);
    }
}
