//! Stands in for a service that cannot work yet.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use waybill_bus::{Claim, CommandHandler, Outcome, RequestHandler};
use waybill_domain::{Fault, codes};
use waybill_jobs::{Command, Request};
use waybill_store::StoreError;

/// What the settings want to be screened waits so long, again and again.
const WAIT: Duration = Duration::from_secs(300);
/// The alarm is raised so often at the most.
const ALARM_EVERY: Duration = Duration::from_secs(60);

/// In place of a service that lacks a setting. Requests are refused with its name; what the settings want to be screened
/// without a request waits until it is there, with an alarm: nothing goes unscreened because a key was forgotten.
pub struct Unconfigured {
    vendor: &'static str,
    setting: &'static str,
    told: Mutex<Option<Instant>>,
}

impl Unconfigured {
    /// For a vendor, by the name of the setting (`chainalysis.kyt_api_key`).
    pub fn new(vendor: &'static str, setting: &'static str) -> Self {
        Self { vendor, setting, told: Mutex::default() }
    }

    fn alarm(&self) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= ALARM_EVERY) {
            *told = Some(Instant::now());
            let (vendor, setting) = (self.vendor, self.setting);
            tracing::error!(alarm = "screening", vendor, setting, "automatic screening waits for a setting");
        }
    }
}

#[async_trait]
impl<Q: Request> RequestHandler<Q> for Unconfigured {
    async fn answer(&self, _: Q) -> Result<Q::Answer, Fault> {
        Err(codes::screening_not_configured(self.setting))
    }
}

#[async_trait]
impl<C: Command> CommandHandler<C> for Unconfigured {
    async fn handle(&self, _: C, _: &Claim) -> Result<Outcome, StoreError> {
        self.alarm();
        Ok(Outcome::retry(WAIT, format!("{} is not set", self.setting)))
    }
}
