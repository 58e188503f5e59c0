//! How often one caller may call.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::time::Instant;
use waybill_domain::{Fault, codes};

use super::Caller;

/// One bucket for each API key, and one for everybody without. Only known keys get a bucket, so there are as many
/// as keys were made.
pub(crate) struct Limits(
    RateLimiter<String, DashMapStateStore<String>, SteadyClock, NoOpMiddleware<Duration>>,
);

impl Limits {
    pub(crate) fn new(per_second: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        Self(RateLimiter::new(quota, DashMapStateStore::default(), SteadyClock(Instant::now())))
    }

    /// Counts one request.
    ///
    /// # Errors
    /// `TOO-MANY-REQUESTS` with the whole seconds to wait.
    pub(crate) fn count(&self, caller: &Caller) -> Result<(), Fault> {
        self.0.check_key(&caller.name().to_owned()).map_err(|refusal| {
            let wait = refusal.wait_time_from(self.0.clock().now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            codes::too_many_requests().retry_after(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX))
        })
    }
}

/// Time since the start: unlike the time of day it never jumps, and tests can pause it.
#[derive(Clone)]
struct SteadyClock(Instant);

impl Clock for SteadyClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use waybill_domain::ApiKeyId;

    use super::super::Scopes;
    use super::*;

    fn holder_of(key: &str) -> Caller {
        Caller::with_key(ApiKeyId(key.to_owned()), Scopes::all())
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_let_through_then_the_rate_applies() {
        let limits = Limits::new(2, 3);
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
        let limits = Limits::new(1, 1);
        limits.count(&holder_of("one")).unwrap();
        assert!(limits.count(&holder_of("one")).is_err());
        limits.count(&holder_of("two")).unwrap();
        limits.count(&Caller::anonymous()).unwrap();
        assert!(limits.count(&Caller::anonymous()).is_err(), "whoever has no key shares one bucket");
    }
}
