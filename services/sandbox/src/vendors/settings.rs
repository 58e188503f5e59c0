//! What of a vendor can be changed while it runs: limits, delays, strictness.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use waybill_domain::Fault;

use super::Vendor;
use super::options::{VendorDelays, VendorLimits};

/// Whether World-Check One wants the query in the signed path. The vendor does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum SignedQuery {
    Without,
    With,
    Either,
}

/// The settings of one vendor; what does not concern it is of no effect.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Requests in a window; `None` is no limit.
    pub(super) requests: Option<u32>,
    pub(super) window: Duration,
    pub(super) screenings_per_hour: Option<u32>,
    pub(super) delay: Duration,
    /// KYT: 404 for alerts before the assessment, instead of an empty list.
    pub(super) alerts_not_found_before: bool,
    /// KYT: `updatedAt` is set in the answer that registers an attempt.
    pub(super) attempts_at_once: bool,
    /// KYT: alerts carry the older field `category` too.
    pub(super) legacy_category: bool,
    pub(super) signed_query: SignedQuery,
    pub(super) date_skew_seconds: u32,
    /// World-Check One: how far back events are looked for without a date.
    pub(super) audit_window_hours: u32,
    /// World-Check One: `typeId`s that the template of individuals asks for.
    pub(super) mandatory_fields: Vec<String>,
}

/// What the switch takes; what is left out stays. 0 takes a limit away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Change {
    requests: Option<u32>,
    window_ms: Option<u64>,
    screenings_per_hour: Option<u32>,
    delay_ms: Option<u64>,
    alerts_not_found_before: Option<bool>,
    attempts_at_once: Option<bool>,
    legacy_category: Option<bool>,
    signed_query: Option<SignedQuery>,
    date_skew_seconds: Option<u32>,
    audit_window_hours: Option<u32>,
    mandatory_fields: Option<Vec<String>>,
}

impl Settings {
    pub(super) fn new(vendor: Vendor, limits: &VendorLimits, delays: &VendorDelays) -> Self {
        let (requests, window, delay) = match vendor {
            Vendor::ChainalysisKyt => (limits.kyt_per_second, Duration::from_secs(1), delays.kyt),
            Vendor::ChainalysisSanction => {
                (limits.sanction_per_five_minutes, Duration::from_secs(300), Duration::ZERO)
            }
            Vendor::Refinitiv => (limits.wc_per_second, Duration::from_secs(1), delays.wc),
        };
        Self {
            requests,
            window,
            screenings_per_hour: limits.wc_screenings_per_hour,
            delay,
            alerts_not_found_before: false,
            attempts_at_once: true,
            legacy_category: false,
            signed_query: SignedQuery::Without,
            date_skew_seconds: 30,
            audit_window_hours: 168,
            mandatory_fields: Vec::new(),
        }
    }

    pub(super) fn change(&mut self, vendor: Vendor, change: Change) -> Result<(), Fault> {
        if let Some(stranger) = change.stranger_to(vendor) {
            return Err(Fault::invalid(stranger));
        }
        let limit = |number: u32| (number > 0).then_some(number);
        if let Some(requests) = change.requests {
            self.requests = limit(requests);
        }
        if let Some(screenings) = change.screenings_per_hour {
            self.screenings_per_hour = limit(screenings);
        }
        self.window = change.window_ms.map_or(self.window, Duration::from_millis);
        self.delay = change.delay_ms.map_or(self.delay, Duration::from_millis);
        self.alerts_not_found_before = change.alerts_not_found_before.unwrap_or(self.alerts_not_found_before);
        self.attempts_at_once = change.attempts_at_once.unwrap_or(self.attempts_at_once);
        self.legacy_category = change.legacy_category.unwrap_or(self.legacy_category);
        self.signed_query = change.signed_query.unwrap_or(self.signed_query);
        self.date_skew_seconds = change.date_skew_seconds.unwrap_or(self.date_skew_seconds);
        self.audit_window_hours = change.audit_window_hours.unwrap_or(self.audit_window_hours);
        if let Some(fields) = change.mandatory_fields {
            self.mandatory_fields = fields;
        }
        Ok(())
    }

    pub(super) fn shown(&self, vendor: Vendor) -> Value {
        let mut shown = json!({
            "requests": self.requests.unwrap_or(0),
            "windowMs": millis(self.window),
        });
        let more = match vendor {
            Vendor::ChainalysisSanction => return shown,
            Vendor::ChainalysisKyt => json!({
                "delayMs": millis(self.delay),
                "alertsNotFoundBefore": self.alerts_not_found_before,
                "attemptsAtOnce": self.attempts_at_once,
                "legacyCategory": self.legacy_category,
            }),
            Vendor::Refinitiv => json!({
                "delayMs": millis(self.delay),
                "screeningsPerHour": self.screenings_per_hour.unwrap_or(0),
                "signedQuery": self.signed_query,
                "dateSkewSeconds": self.date_skew_seconds,
                "auditWindowHours": self.audit_window_hours,
                "mandatoryFields": self.mandatory_fields,
            }),
        };
        if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
            shown.extend(more);
        }
        shown
    }
}

impl Change {
    /// The first field that does not concern the vendor.
    fn stranger_to(&self, vendor: Vendor) -> Option<&'static str> {
        use Vendor::{ChainalysisKyt as Kyt, ChainalysisSanction as Sanction, Refinitiv};
        let fields = [
            (self.delay_ms.is_some(), vendor != Sanction, "delayMs"),
            (self.screenings_per_hour.is_some(), vendor == Refinitiv, "screeningsPerHour"),
            (self.alerts_not_found_before.is_some(), vendor == Kyt, "alertsNotFoundBefore"),
            (self.attempts_at_once.is_some(), vendor == Kyt, "attemptsAtOnce"),
            (self.legacy_category.is_some(), vendor == Kyt, "legacyCategory"),
            (self.signed_query.is_some(), vendor == Refinitiv, "signedQuery"),
            (self.date_skew_seconds.is_some(), vendor == Refinitiv, "dateSkewSeconds"),
            (self.audit_window_hours.is_some(), vendor == Refinitiv, "auditWindowHours"),
            (self.mandatory_fields.is_some(), vendor == Refinitiv, "mandatoryFields"),
        ];
        fields.into_iter().find(|(is_set, is_own, _)| *is_set && !is_own).map(|(_, _, name)| name)
    }
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
