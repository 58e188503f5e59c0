//! What the program decides about the vendors: their keys, limits and delays.

use std::time::Duration;

use secrecy::SecretString;

/// How the vendors are played.
pub struct Vendors {
    /// What a client must show.
    pub keys: VendorKeys,
    /// How often a client may call.
    pub limits: VendorLimits,
    /// How long the vendors take.
    pub delays: VendorDelays,
}

impl Vendors {
    /// The usual limits and delays.
    pub fn new(keys: VendorKeys) -> Self {
        Self { keys, limits: VendorLimits::default(), delays: VendorDelays::default() }
    }
}

/// The keys that the vendors gave to their customer.
#[derive(Clone)]
pub struct VendorKeys {
    /// `Token` of Chainalysis KYT.
    pub kyt_key: SecretString,
    /// `X-API-Key` of the Sanctions API.
    pub sanction_key: SecretString,
    /// `keyId` of World-Check One.
    pub wc_key: SecretString,
    /// The secret that signs requests to World-Check One.
    pub wc_secret: SecretString,
    /// The only group at World-Check One.
    pub group_id: String,
}

/// How often a client may call; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorLimits {
    /// Requests to KYT in a second.
    pub kyt_per_second: Option<u32>,
    /// Requests to the Sanctions API in five minutes.
    pub sanction_per_five_minutes: Option<u32>,
    /// Requests to World-Check One in a second.
    pub wc_per_second: Option<u32>,
    /// Screenings by World-Check One in an hour.
    pub wc_screenings_per_hour: Option<u32>,
}

impl Default for VendorLimits {
    fn default() -> Self {
        Self {
            kyt_per_second: Some(20),
            sanction_per_five_minutes: Some(5_000),
            wc_per_second: Some(5),
            wc_screenings_per_hour: Some(10_000),
        }
    }
}

impl VendorLimits {
    /// No limits at all.
    pub const fn none() -> Self {
        Self {
            kyt_per_second: None,
            sanction_per_five_minutes: None,
            wc_per_second: None,
            wc_screenings_per_hour: None,
        }
    }
}

/// How long the vendors take, by the sandbox's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorDelays {
    /// From the registration of a transfer to its assessment; also from there to late alerts.
    pub kyt: Duration,
    /// From the request for a screening to its end.
    pub wc: Duration,
}

impl Default for VendorDelays {
    fn default() -> Self {
        Self { kyt: Duration::from_secs(2), wc: Duration::from_secs(2) }
    }
}
