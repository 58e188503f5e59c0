//! How long an answer waits before it is tried again.

use std::time::Duration;

use waybill_bus::Claim;
use waybill_context::Context;
use waybill_domain::Timestamp;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// As long again as the command is old, so that the wait doubles each time, with up to a quarter of jitter; never
/// beyond the deadline.
pub(super) fn wait(ctx: &Context, claim: &Claim, deadline: Timestamp) -> Duration {
    let now = ctx.clock.now();
    let age = (now - claim.created_at()).to_std().unwrap_or(Duration::ZERO);
    let wait = age.clamp(FIRST, LONGEST);
    let quarter = u64::try_from(wait.as_millis() / 4).unwrap_or(0);
    let jitter = Duration::from_millis(ctx.entropy.below(quarter + 1));
    let left = (deadline - now).to_std().unwrap_or(Duration::ZERO);
    (wait + jitter).min(left)
}
