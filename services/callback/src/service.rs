//! What the service needs of a node.

use waybill_bus::Bus;
use waybill_domain::{SharedClock, SharedEntropy};
use waybill_egress::Egress;
use waybill_runtime::settings::{BackendSettings, CallbackSettings};
use waybill_store::Store;
use waybill_vault::Vault;

use crate::deliver::Deliverer;
use crate::headers::{HeadersError, OwnHeaders};

/// What the service works with.
pub struct CallbackService {
    /// Where records and deliveries are kept.
    pub store: Store,
    /// Hands out what is to be delivered.
    pub bus: Bus,
    /// Opens what is sealed at rest.
    pub vault: Vault,
    /// Reaches the backend.
    pub egress: Egress,
    /// The current time.
    pub clock: SharedClock,
    /// Randomness for the waits between attempts.
    pub entropy: SharedEntropy,
    /// Where the backend is, and how it knows us.
    pub backend: BackendSettings,
    /// How deliveries are signed and repeated.
    pub settings: CallbackSettings,
}

impl CallbackService {
    /// Starts delivering.
    ///
    /// # Errors
    /// [`HeadersError`] when the token or the secrets cannot be used; then nothing was started.
    pub fn work(self) -> Result<(), HeadersError> {
        let headers = OwnHeaders::of(&self.backend, &self.settings)?;
        let (bus, concurrency) = (self.bus.clone(), self.settings.concurrency);
        bus.work(Deliverer::new(self, headers), u32::try_from(concurrency).unwrap_or(u32::MAX));
        Ok(())
    }
}
