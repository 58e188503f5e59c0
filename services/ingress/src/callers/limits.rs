//! How often one caller may call.

use tokio::time::Instant;
use waybill_domain::{Fault, Share, Timestamp, codes};
use waybill_replicas::{Pace, Turn};

use super::Caller;

/// One pace for each API key, and one for everybody without. Only known keys get one, so there are as many as keys were
/// made.
pub(crate) struct Limits {
    pace: Pace<String>,
    started: Instant,
}

impl Limits {
    pub(crate) fn new(per_second: u32, burst: u32, share: &Share) -> Self {
        Self { pace: Pace::per_second(per_second, burst).shared_by(share), started: Instant::now() }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// `TOO-MANY-REQUESTS` with the whole seconds to wait.
    pub(crate) fn count(&self, caller: &Caller) -> Result<(), Fault> {
        // Time since the start: unlike the time of day it never jumps, and tests can pause it.
        let now = Timestamp::UNIX_EPOCH + self.started.elapsed();
        match self.pace.take(caller.name().to_owned(), now) {
            Turn::Go { .. } => Ok(()),
            Turn::Wait(wait) => {
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                let seconds = u32::try_from(seconds.max(1)).unwrap_or(u32::MAX);
                Err(codes::too_many_requests().retry_after(seconds))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::{ApiKeyId, Place};

    use super::super::Scopes;
    use super::*;

    fn holder_of(key: &str) -> Caller {
        Caller::with_key(ApiKeyId(key.to_owned()), Scopes::all())
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_let_through_then_the_rate_applies() {
        let limits = Limits::new(2, 3, &Share::default());
        let caller = holder_of("one");
        for _ in 0..3 {
            limits.count(&caller).unwrap();
        }
        let fault = limits.count(&caller).unwrap_err();
        assert_eq!((fault.status, &*fault.code, fault.retry_after), (429, "TOO-MANY-REQUESTS", Some(1)));
        tokio::time::advance(Duration::from_millis(500)).await;
        limits.count(&caller).unwrap();
        assert!(limits.count(&caller).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn callers_do_not_use_up_each_others_share() {
        let limits = Limits::new(1, 1, &Share::default());
        limits.count(&holder_of("one")).unwrap();
        assert!(limits.count(&holder_of("one")).is_err());
        limits.count(&holder_of("two")).unwrap();
        limits.count(&Caller::anonymous()).unwrap();
        assert!(limits.count(&Caller::anonymous()).is_err(), "whoever has no key shares one bucket");
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_lets_through_its_share_and_without_one_nothing() {
        let share = Share::default();
        let limits = Limits::new(2, 5, &share);
        share.set(Place { number: 1, of: 2 });
        let caller = holder_of("one");
        assert_eq!((0..9).filter(|_| limits.count(&caller).is_ok()).count(), 2);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!((0..9).filter(|_| limits.count(&caller).is_ok()).count(), 1, "half the rate");
        share.set(Place::NONE);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(limits.count(&caller).unwrap_err().retry_after, Some(1));
    }
}
