//! Times as the vendors write them.

use chrono::{Duration, FixedOffset, SecondsFormat, SubsecRound};
use waybill_domain::{Timestamp, format_time};

/// How times of an answer are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `2025-01-11T04:45:08.107532`: UTC, though it does not say so. The microseconds are made up.
    Bare,
    /// `2025-01-11T05:21:02.350+00:00`
    Offset,
    /// `2025-01-11T05:21:02.350Z`
    Zulu,
    /// `2025-01-11T14:21:02.350+09:00`: the same time told elsewhere, which the vendors don't do.
    Elsewhere,
}

impl Style {
    pub(super) fn write(self, at: Timestamp) -> String {
        match self {
            Self::Bare => (at + Duration::microseconds(532)).format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
            Self::Offset => at.to_rfc3339_opts(SecondsFormat::Millis, false),
            Self::Zulu => format_time(at),
            Self::Elsewhere => match FixedOffset::east_opt(9 * 3600) {
                Some(offset) => at.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Millis, false),
                None => format_time(at),
            },
        }
    }
}

/// Whole seconds.
pub(super) fn whole_seconds(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(0)
}

/// As headers write it: `Thu, 18 May 2023 12:39:45 GMT`.
pub(super) fn http_date(at: Timestamp) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads exactly the form that [`http_date`] writes.
pub(super) fn parse_http_date(text: &str) -> Option<Timestamp> {
    let at = chrono::DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    (http_date(at) == text).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_writes_the_same_time() {
        let at: Timestamp = "2025-01-11T05:21:02.350Z".parse().unwrap();
        assert_eq!(Style::Bare.write(at), "2025-01-11T05:21:02.350532");
        assert_eq!(Style::Offset.write(at), "2025-01-11T05:21:02.350+00:00");
        assert_eq!(Style::Zulu.write(at), "2025-01-11T05:21:02.350Z");
        assert_eq!(Style::Elsewhere.write(at), "2025-01-11T14:21:02.350+09:00");
    }

    #[test]
    fn a_date_is_read_in_one_form_only() {
        let at: Timestamp = "2023-05-18T12:39:45Z".parse().unwrap();
        assert_eq!(http_date(at), "Thu, 18 May 2023 12:39:45 GMT");
        assert_eq!(parse_http_date("Thu, 18 May 2023 12:39:45 GMT"), Some(at));
        for other in
            ["Thu, 18 May 2023 12:39:45 +0000", "18 May 2023 12:39:45 GMT", "Fri, 18 May 2023 12:39:45 GMT"]
        {
            assert_eq!(parse_http_date(other), None, "{other}");
        }
    }
}
