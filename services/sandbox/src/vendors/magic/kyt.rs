//! What KYT finds at an address.

/// When a transfer or an attempt is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vendors) enum Assessed {
    /// A transfer after the delay, an attempt at once.
    Usually,
    /// An attempt too only after the delay.
    Later,
    Never,
    /// First without alerts; after the delay once more, with them.
    AlertsLate,
}

/// What KYT says about an address.
#[derive(Debug, Clone, Copy)]
pub(in crate::vendors) struct KytOutcome {
    pub(in crate::vendors) assessed: Assessed,
    /// Text of `assetAmount`, whatever was sent.
    pub(in crate::vendors) asset_amount: Option<&'static str>,
    /// Text of `usdAmount`, whatever the price.
    pub(in crate::vendors) usd_amount: Option<&'static str>,
    pub(in crate::vendors) alerts: &'static [KytAlert],
    /// The alerts' ids do not depend on the transfer, so that several transfers share them.
    pub(in crate::vendors) shares_alerts: bool,
}

impl KytOutcome {
    pub(in crate::vendors) const CLEAN: Self = Self {
        assessed: Assessed::Usually,
        asset_amount: None,
        usd_amount: None,
        alerts: &[],
        shares_alerts: false,
    };

    pub(super) const fn of(alerts: &'static [KytAlert]) -> Self {
        Self { alerts, ..Self::CLEAN }
    }
}

/// An alert before it is raised.
#[derive(Debug, Clone, Copy)]
pub(in crate::vendors) struct KytAlert {
    pub(in crate::vendors) level: Option<&'static str>,
    /// `{CATEGORY}: {name}`; the address follows. `None` is `null`.
    pub(in crate::vendors) service: Option<&'static str>,
    pub(in crate::vendors) category_id: Option<u16>,
    /// The older field, which the vendor no longer sends.
    pub(in crate::vendors) category: Option<&'static str>,
    pub(in crate::vendors) exposure: Option<&'static str>,
    pub(in crate::vendors) amount: Amount,
}

/// The amount of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vendors) enum Amount {
    /// The same as `usdAmount`, or 0 where the price is not known.
    Whole,
    Is(&'static str),
    Missing,
}

impl KytAlert {
    pub(super) const fn direct(level: &'static str, category_id: u16, service: &'static str) -> Self {
        Self {
            level: Some(level),
            service: Some(service),
            category_id: Some(category_id),
            category: None,
            exposure: Some("DIRECT"),
            amount: Amount::Whole,
        }
    }
}
