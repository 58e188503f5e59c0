//! The times before which things are deleted, in one run.

use std::time::Duration;

use waybill_domain::Timestamp;
use waybill_store::tables::own_keys::Needless;
use waybill_store::tables::verifications::Outdated;

use crate::Periods;

/// Where the periods end now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub now: Timestamp,
    pub verifications: Option<Outdated>,
    pub done_commands: Timestamp,
    pub idempotency_keys: Timestamp,
    pub received_messages: Timestamp,
    pub own_keys: Needless,
}

impl Bounds {
    pub(crate) fn at(now: Timestamp, periods: &Periods) -> Self {
        let needless_before = periods.keys.needless_before(now);
        Self {
            now,
            verifications: periods
                .verifications
                .map(|period| Outdated { created_before: before(now, period), expired_before: now }),
            done_commands: before(now, periods.done_commands),
            idempotency_keys: before(now, periods.idempotency_keys),
            received_messages: before(now, periods.received_messages),
            own_keys: Needless {
                retired_before: needless_before,
                single_use_before: needless_before,
                per_address_before: periods.keys.worn_since(needless_before),
            },
        }
    }
}

/// The beginning of the period that ends now; nothing is older than the epoch, however long the period.
fn before(now: Timestamp, period: Duration) -> Timestamp {
    i64::try_from(period.as_millis())
        .ok()
        .and_then(|millis| Timestamp::from_timestamp_millis(now.timestamp_millis().saturating_sub(millis)))
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .max(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use waybill_domain::Clock as _;
    use waybill_testkit::MockClock;

    use super::*;

    #[test]
    fn a_period_without_end_reaches_back_to_the_epoch() {
        let now = MockClock::default().now();
        assert_eq!(before(now, Duration::from_secs(60)), now - Duration::from_secs(60));
        for endless in [Duration::MAX, Duration::from_secs(u64::from(u32::MAX) * 86_400)] {
            assert_eq!(before(now, endless), Timestamp::UNIX_EPOCH);
        }
    }
}
