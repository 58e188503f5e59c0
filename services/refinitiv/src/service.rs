//! What the parts of the service have in common.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;
use waybill_context::SharedContext;
use waybill_domain::ScreeningVendor;
use waybill_vendors::{Limit, Renewed, Vendor, credential_id, renewed};

use crate::api::{Api, Caller, ClockSkew, Pace, SigningKey};
use crate::cases::Templates;
use crate::pacing::Pacing;

/// The name of the vendor in logs, metrics and limits.
pub(crate) const NAME: &str = ScreeningVendor::RefinitivWco.as_str();
const API_KEY: &str = "refinitiv.api_key";
const API_SECRET: &str = "refinitiv.api_secret";
const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// World-Check One with one key.
pub(crate) struct Wco {
    pub ctx: SharedContext,
    pub api: Api,
    /// Names the key in records.
    pub key_id: String,
    pub templates: Templates,
    pub pacing: Pacing,
    /// Until when nothing is asked in the background: the key was refused.
    refused_until: Mutex<Option<Instant>>,
}

impl Wco {
    /// The service with one key.
    fn with(ctx: &SharedContext, pacing: Pacing, key: SigningKey, group_id: String) -> Self {
        let settings = &ctx.settings.refinitiv;
        let key_id = credential_id(key.id.expose_secret());
        let requests = Limit::new(ctx, format!("{NAME}:{key_id}"), settings.requests_per_second, SECOND);
        let screenings = format!("{NAME}-screenings:{key_id}");
        let screenings = Limit::new(ctx, screenings, settings.screenings_per_hour, HOUR);
        let caller = Caller {
            vendor: Vendor::new(ctx, NAME, requests, settings.concurrency),
            key,
            sign_query: settings.sign_query,
            skew: ClockSkew::default(),
            clock: Arc::clone(&ctx.clock),
        };
        Self {
            api: Api { caller, base: settings.url.clone(), group_id, screenings },
            ctx: Arc::clone(ctx),
            key_id,
            templates: Templates::default(),
            pacing,
            refused_until: Mutex::default(),
        }
    }

    /// For whoever waits for nothing.
    pub fn unhurried(&self) -> Pace {
        Pace::Poll(self.ctx.settings.refinitiv.timeout)
    }

    /// Whether the key was refused a while ago: nothing is asked in the background then.
    pub fn is_refused(&self) -> bool {
        let until = *self.refused_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// The key was refused in the background: an alarm, and silence for a while.
    pub fn key_refused(&self) {
        let mut until = self.refused_until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if until.is_none_or(|until| until <= now) {
            tracing::error!(
                alarm = "screening",
                vendor = NAME,
                key_id = self.key_id,
                "the vendor does not accept the API key; what waits for results is kept"
            );
        }
        *until = Some(now + self.pacing.refused);
    }
}

/// The service with the key of the settings, anew with each new key; or the setting that it lacks.
pub(crate) fn service(ctx: &SharedContext, pacing: Pacing) -> Result<Renewed<Wco>, &'static str> {
    let settings = &ctx.settings.refinitiv;
    let id = settings.api_key.clone().ok_or(API_KEY)?;
    let secret = settings.api_secret.clone().ok_or(API_SECRET)?;
    let group_id = settings.group_id.clone().ok_or("refinitiv.group_id")?;
    let made_for = Arc::clone(ctx);
    let make = move |[id, secret]: &[SecretString; 2]| {
        let key = SigningKey { id: id.clone(), secret: secret.clone() };
        key.can_be_sent().then(|| Wco::with(&made_for, pacing.clone(), key, group_id.clone()))
    };
    renewed(ctx, NAME, [(API_KEY, id), (API_SECRET, secret)], make).ok_or(API_KEY)
}
