//! Durations as people write them: a whole number and one unit.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads `500ms`, `10s`, `30m`, `24h` or `7d`; plain `0` as well.
pub(super) fn from_text(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let (number, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit())?);
    let (_, millis) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(millis).map(Duration::from_millis)
}

/// Writes a duration so that [`from_text`] reads it again, in the largest unit up to hours that fits.
pub(super) fn to_text(duration: Duration) -> String {
    let millis = duration.as_millis();
    let fits = |unit: &u64| millis > 0 && millis.is_multiple_of(u128::from(*unit));
    match UNITS.into_iter().rev().skip(1).find(|(_, unit)| fits(unit)) {
        Some((name, unit)) => format!("{}{name}", millis / u128::from(unit)),
        None => "0s".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, millis) in
            [("0", 0), ("500ms", 500), ("10s", 10_000), ("30m", 1_800_000), ("168h", 604_800_000)]
        {
            assert_eq!(from_text(text), Some(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(from_text("7d"), from_text("168h"));
        for bad in
            ["", "10", "s", "1.5s", "-1s", "1 s", "1S", "1h30m", "99999999999999999999s", "9999999999999999d"]
        {
            assert_eq!(from_text(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for text in ["0s", "1ms", "1500ms", "10s", "90s", "30m", "24h", "168h"] {
            assert_eq!(from_text(text).map(to_text).as_deref(), Some(text));
        }
    }
}
