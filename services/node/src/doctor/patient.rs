//! The node that is looked at, as far as its settings tell.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;
use waybill_domain::{SharedClock, SharedEntropy, Timestamp};
use waybill_egress::{Answer, Call, Egress, EgressClass, EgressError, EgressOptions};
use waybill_runtime::settings::Settings;
use waybill_runtime::{SystemClock, SystemEntropy};

/// Longest time for one answer of somebody else.
const PATIENCE: Duration = Duration::from_secs(5);
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What every examination needs.
pub struct Patient {
    pub settings: Settings,
    pub egress: Egress,
    clock: SharedClock,
}

impl Patient {
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let clock: SharedClock = Arc::new(SystemClock);
        let entropy: SharedEntropy = Arc::new(SystemEntropy);
        let egress = Egress::new(EgressOptions::default(), Arc::clone(&clock), entropy)?;
        Ok(Self { settings, egress, clock })
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Asks somebody else something that changes nothing there.
    pub async fn ask(
        &self,
        class: EgressClass,
        method: Method,
        url: Url,
        headers: HeaderMap,
    ) -> Result<Answer, EgressError> {
        let call = Call {
            class,
            destination: format!("doctor:{}", url.authority()),
            method,
            url,
            headers,
            body: Bytes::new(),
            timeout: PATIENCE,
            max_answer_bytes: MAX_ANSWER_BYTES,
            concurrency: None,
            sign_of_life: None,
        };
        self.egress.send(call).await
    }
}
