//! What the parts of the service have in common.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::time::Instant;
use waybill_context::SharedContext;
use waybill_domain::ScreeningVendor;
use waybill_runtime::settings::RefinitivSettings;
use waybill_vendors::{Limit, Vendor, credential_id};

use crate::api::{Api, Caller, ClockSkew, Pace, SigningKey};
use crate::cases::Templates;
use crate::pacing::Pacing;

const NAME: &str = ScreeningVendor::RefinitivWco.as_str();
const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// World-Check One with the credentials of the settings.
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
    /// The service, or the setting that it lacks.
    pub fn new(ctx: &SharedContext, pacing: Pacing) -> Result<Self, &'static str> {
        let settings = &ctx.settings.refinitiv;
        let key = credentials(settings)?;
        let group_id = settings.group_id.clone().ok_or("refinitiv.group_id")?;
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
        Ok(Self {
            api: Api { caller, base: settings.url.clone(), group_id, screenings },
            ctx: Arc::clone(ctx),
            key_id,
            templates: Templates::default(),
            pacing,
            refused_until: Mutex::default(),
        })
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

fn credentials(settings: &RefinitivSettings) -> Result<SigningKey, &'static str> {
    Ok(SigningKey {
        id: settings.api_key.clone().ok_or("refinitiv.api_key")?,
        secret: settings.api_secret.clone().ok_or("refinitiv.api_secret")?,
    })
}
