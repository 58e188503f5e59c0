//! Ids of commands: 41 bits of milliseconds, 22 bits that start at random in each millisecond and count up.

use std::sync::{Mutex, PoisonError};

use waybill_domain::{CommandId, SharedClock, SharedEntropy};

/// 2024-01-01T00:00:00Z; 41 bits of milliseconds last until 2093.
const EPOCH_MS: i64 = 1_704_067_200_000;
const COUNTER_BITS: u32 = 22;

/// Makes ids that ascend within a process and, within a millisecond, do not collide between processes in practice.
pub struct CommandIds {
    clock: SharedClock,
    entropy: SharedEntropy,
    last: Mutex<i64>,
}

impl CommandIds {
    /// A generator of its own for each process.
    pub fn new(clock: SharedClock, entropy: SharedEntropy) -> Self {
        Self { clock, entropy, last: Mutex::new(0) }
    }

    /// The next id.
    pub fn next(&self) -> CommandId {
        let millis = (self.clock.now().timestamp_millis() - EPOCH_MS).max(0);
        // Half the space, so that counting up stays within the millisecond.
        let start = i64::try_from(self.entropy.below(1 << (COUNTER_BITS - 1))).unwrap_or(0);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = ((millis << COUNTER_BITS) | start).max(*last + 1);
        CommandId::new(*last)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::Clock as _;
    use waybill_testkit::{MockClock, SeededEntropy};

    use super::*;

    #[test]
    fn ids_ascend_even_when_the_clock_goes_back() {
        let clock = MockClock::default();
        let ids = CommandIds::new(clock.shared(), SeededEntropy::new(1).shared());
        let mut last = ids.next();
        for step in 0..10_000_u64 {
            clock.advance(Duration::from_millis(u64::from(step % 7 == 0)));
            if step == 5_000 {
                clock.set(clock.now() - Duration::from_secs(3600));
            }
            let next = ids.next();
            assert!(next > last);
            last = next;
        }
    }
}
