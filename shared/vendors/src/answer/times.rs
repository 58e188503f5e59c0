//! Times as vendors write them.

use waybill_domain::{Timestamp, parse_time};

/// Reads an ISO 8601 time; one without a zone is UTC. Cut to milliseconds. Seen: `2025-01-11T04:45:08.107532`,
/// `2025-01-11T05:21:02.350+00:00`, `2023-05-18T12:39:45Z`.
pub fn parse_vendor_time(text: &str) -> Option<Timestamp> {
    parse_time(text).or_else(|_| parse_time(&format!("{text}Z"))).ok()
}

#[cfg(test)]
mod tests {
    use waybill_domain::format_time;

    use super::*;

    #[test]
    fn every_form_that_was_seen_is_utc_milliseconds() {
        for (text, expected) in [
            ("2025-01-11T04:45:08.107532", Some("2025-01-11T04:45:08.107Z")),
            ("2025-01-11T04:45:08.107999999", Some("2025-01-11T04:45:08.107Z")),
            ("2025-01-11T05:21:02.350+00:00", Some("2025-01-11T05:21:02.350Z")),
            ("2025-01-11T04:11:37.000+00:00", Some("2025-01-11T04:11:37.000Z")),
            ("2023-05-18T12:39:45Z", Some("2023-05-18T12:39:45.000Z")),
            ("2023-05-18T12:39:45", Some("2023-05-18T12:39:45.000Z")),
            ("2023-05-18T21:39:45+09:00", Some("2023-05-18T12:39:45.000Z")),
            ("2023-05-18T21:39:45.263+0900", Some("2023-05-18T12:39:45.263Z")),
            ("2023-05-18", None),
            ("", None),
            ("yesterday", None),
            ("2023-13-18T12:39:45Z", None),
            ("2023-05-18T12:39:45ZZ", None),
        ] {
            assert_eq!(parse_vendor_time(text).map(format_time).as_deref(), expected, "{text}");
        }
    }
}
