//! One transfer or attempt, and how far it is.

use chrono::Duration;
use waybill_domain::Timestamp;

use super::prices;
use crate::vendors::decimal::Decimal;
use crate::vendors::ids;
use crate::vendors::magic::{Assessed, KytOutcome};
use crate::vendors::settings::Settings;

/// Between an alert and the `updatedAt` that tells of it.
const ALERT_BEFORE_UPDATE_MS: i64 = 8;

/// What was registered.
pub(super) struct Record {
    pub(super) external_id: String,
    pub(super) user: String,
    pub(super) network: &'static str,
    pub(super) asset: String,
    pub(super) asset_id: Option<String>,
    pub(super) subject: Subject,
    /// As sent; the destination.
    pub(super) address: Option<String>,
    pub(super) amount: Option<Decimal>,
    pub(super) price: Option<Decimal>,
    pub(super) outcome: KytOutcome,
    pub(super) registered_at: Timestamp,
    /// From registration to assessment, and from there to late alerts.
    pub(super) delay: Duration,
    pub(super) at_once: bool,
}

/// What sets the two kinds apart.
pub(super) enum Subject {
    Transfer { reference: String, tx: String, index: u32, block_time: Timestamp },
    Attempt { identifier: String },
}

/// An assessment.
pub(super) struct Assessment {
    pub(super) updated_at: Timestamp,
    /// Whether the alerts are there yet.
    pub(super) with_alerts: bool,
}

impl Record {
    pub(super) fn is_transfer(&self) -> bool {
        matches!(self.subject, Subject::Transfer { .. })
    }

    /// The last assessment up to now, if any.
    pub(super) fn assessment(&self, now: Timestamp) -> Option<Assessment> {
        let waits = self.outcome.assessed == Assessed::Later || !self.at_once;
        let first = if waits { self.registered_at + self.delay } else { self.registered_at };
        let is_late = self.outcome.assessed == Assessed::AlertsLate;
        if self.outcome.assessed == Assessed::Never || now < first {
            return None;
        }
        let second = first + self.delay.max(Duration::milliseconds(1));
        if is_late && now >= second {
            return Some(Assessment { updated_at: second, with_alerts: true });
        }
        Some(Assessment { updated_at: first, with_alerts: !is_late })
    }

    /// What was moved: as sent, or one, since no chain is looked at.
    pub(super) fn asset_amount(&self) -> Option<Decimal> {
        let fixed = self.outcome.asset_amount.and_then(Decimal::new);
        fixed.or_else(|| self.amount.clone()).or_else(|| Decimal::new("1"))
    }

    /// What it is worth; `None` where the price is not known.
    pub(super) fn usd_amount(&self) -> Option<Decimal> {
        if let Some(fixed) = self.outcome.usd_amount {
            return Decimal::new(fixed);
        }
        let price = self.price.as_ref().map(Decimal::as_str).or_else(|| prices::price(&self.asset))?;
        self.asset_amount()?.times(price)
    }

    /// The id of its alert with this number, stamped shortly before `updated_at`.
    pub(super) fn alert_id(&self, number: usize, updated_at: Timestamp) -> String {
        if self.outcome.shares_alerts {
            return ids::time_based(Timestamp::UNIX_EPOCH, &format!("shared alert {number}"));
        }
        let at = updated_at - Duration::milliseconds(ALERT_BEFORE_UPDATE_MS);
        let at = at + Duration::microseconds(i64::try_from(number).unwrap_or(0));
        ids::time_based(at, &format!("{} {number}", self.external_id))
    }
}

impl Settings {
    /// The delay in the calendar's type.
    pub(super) fn kyt_delay(&self) -> Duration {
        Duration::from_std(self.delay).unwrap_or(Duration::zero())
    }
}
