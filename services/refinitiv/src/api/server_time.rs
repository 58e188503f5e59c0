//! The `Date` header.

use chrono::NaiveDateTime;
use waybill_domain::Timestamp;

/// Reads the form that servers write (RFC 9110 §5.6.7, IMF-fixdate).
pub(crate) fn read_http_date(text: &str) -> Option<Timestamp> {
    NaiveDateTime::parse_from_str(text.trim(), "%a, %d %b %Y %H:%M:%S GMT").ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_servers_write_and_nothing_else() {
        let expected = "2023-05-18T12:39:45Z".parse().ok();
        assert_eq!(read_http_date("Thu, 18 May 2023 12:39:45 GMT"), expected);
        for text in ["", "Thu, 18 May 2023 12:39:45", "Fri, 18 May 2023 12:39:45 GMT", "1684413585"] {
            assert_eq!(read_http_date(text), None, "{text}");
        }
    }
}
