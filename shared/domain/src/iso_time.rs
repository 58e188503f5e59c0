//! Times as text: ISO 8601, UTC, milliseconds. Usable as `#[serde(with = "waybill_domain::iso_time")]`.

use chrono::{DateTime, Datelike, SecondsFormat};
use serde::{Deserialize, Deserializer, Serializer, de};

use crate::Timestamp;

/// Text that is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 8601 time with a time zone")]
pub struct TimeError;

/// A time as every API and message writes it: `2022-03-03T21:52:08.092Z`.
pub fn format_time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads an ISO 8601 time: extended (`2022-03-03T21:52:08.092Z`) or basic (`20220303T215208.092Z`), with or without
/// a fraction, `Z` or an offset with or without colon. Cut to milliseconds; years 1000 to 9999, which every database holds.
pub fn parse_time(text: &str) -> Result<Timestamp, TimeError> {
    const FORMS: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y%m%dT%H%M%S%.f%#z"];
    let clean = text.bytes().all(|byte| byte.is_ascii_digit() || b"TZ:.+-".contains(&byte));
    if !clean || text.len() > 40 {
        return Err(TimeError);
    }
    let parsed = FORMS.iter().find_map(|form| DateTime::parse_from_str(text, form).ok()).ok_or(TimeError)?;
    // Through milliseconds since the epoch: cuts the fraction and turns a leap second into the next second.
    let at = DateTime::from_timestamp_millis(parsed.timestamp_millis()).ok_or(TimeError)?;
    if (1000..=9999).contains(&at.year()) { Ok(at) } else { Err(TimeError) }
}

/// For serde.
pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format_time(*at))
}

/// For serde.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    parse_time(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

/// The same for a time that may be absent: `#[serde(default, with = "waybill_domain::iso_time::option")]`.
pub mod option {
    use super::{Deserialize, Deserializer, Serializer, Timestamp, de, format_time, parse_time};

    /// For serde.
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.serialize_some(&format_time(*at)),
            None => serializer.serialize_none(),
        }
    }

    /// For serde.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| parse_time(&text).map_err(de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_iso_form_of_one_time_is_the_same_time() {
        let expected = "2022-03-03T21:52:08.092Z";
        for text in [
            expected,
            "2022-03-03T21:52:08.092999Z",
            "2022-03-04T06:52:08.092+09:00",
            "2022-03-04T06:52:08.092+0900",
            "20220303T215208.092Z",
            "20220304T065208.092+09",
        ] {
            assert_eq!(parse_time(text).map(format_time).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(parse_time("2022-03-03T21:52:08Z").map(format_time).unwrap(), "2022-03-03T21:52:08.000Z");
        assert_eq!(parse_time("2016-12-31T23:59:60Z").map(format_time).unwrap(), "2017-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_time_without_zone_or_in_words_is_refused() {
        for text in [
            "",
            "2022-03-03",
            "2022-03-03T21:52:08",
            "2022-03-03 21:52:08Z",
            "1646344328",
            "yesterday",
            "2022-02-30T00:00:00Z",
            "2022-03-03T25:00:00Z",
            "+12022-03-03T00:00:00Z",
            "0999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert_eq!(parse_time(text), Err(TimeError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_times_are_read_back(millis in -30_000_000_000_000_i64..253_402_300_800_000) {
            let at = DateTime::from_timestamp_millis(millis).unwrap();
            prop_assert_eq!(parse_time(&format_time(at)), Ok(at));
        }

        #[test]
        fn no_text_panics(text in "[0-9TZ:.+-]{0,45}|\\PC{0,45}") {
            if let Ok(at) = parse_time(&text) {
                prop_assert_eq!(parse_time(&format_time(at)), Ok(at));
            }
        }
    }
}
