//! How long each thing is kept.

use std::time::Duration;

use waybill_context::KeyLifetimes;
use waybill_runtime::settings::Settings;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Far longer than the 10 minutes in which a repeated message still has a valid signature.
const RECEIVED_MESSAGES: Duration = DAY;

/// The periods of a node, from its settings.
#[derive(Debug, Clone, Copy)]
pub struct Periods {
    /// Verifications and all that belongs to them; `None` keeps them for ever.
    pub verifications: Option<Duration>,
    /// Commands that are done, and the log of those that were callbacks.
    pub done_commands: Duration,
    /// Answers kept for repetition.
    pub idempotency_keys: Duration,
    /// Messages of counterparties that were seen.
    pub received_messages: Duration,
    /// Encryption keys.
    pub keys: KeyLifetimes,
}

impl Periods {
    /// The periods under these settings. What names a verification is kept no longer than the verification.
    pub fn of(settings: &Settings) -> Self {
        let verifications = settings.verification.retention_days.map(|days| DAY * days);
        let at_most = |period: Duration| verifications.map_or(period, |longest| period.min(longest));
        Self {
            verifications,
            done_commands: at_most(settings.callback.keep),
            idempotency_keys: at_most(settings.idempotency.keep),
            received_messages: RECEIVED_MESSAGES,
            keys: KeyLifetimes::of(settings),
        }
    }
}
