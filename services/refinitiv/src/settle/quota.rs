//! Screenings of an hour that are used up.

use std::time::Duration;

use waybill_domain::{Entropy, Timestamp};

const HOUR_S: i64 = 3600;
/// Those that wait for the next hour come within this time of its beginning.
const SPREAD_MS: u64 = 60_000;

/// How long the rest of the hour is, by the vendor's clock.
pub(super) fn rest_of_hour(now: Timestamp) -> Duration {
    let over = now.timestamp().rem_euclid(HOUR_S);
    Duration::from_secs(u64::try_from(HOUR_S - over).unwrap_or_default())
}

/// The same, and a little more so that not all come at once.
pub(super) fn until_next_hour(now: Timestamp, entropy: &dyn Entropy) -> Duration {
    rest_of_hour(now) + Duration::from_millis(entropy.below(SPREAD_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_begin_when_clocks_say_so() {
        for (at, rest) in [("12:00:00", 3600), ("12:59:59.5", 1), ("12:39:45", 1215)] {
            let at = format!("2023-05-18T{at}Z").parse().unwrap();
            assert_eq!(rest_of_hour(at), Duration::from_secs(rest), "{at}");
        }
    }
}
