//! What the service needs of a node.

use std::sync::Arc;
use std::time::Duration;

use waybill_bus::Bus;
use waybill_context::KeyLifetimes;
use waybill_domain::{SharedClock, SharedEntropy};
use waybill_store::Store;
use waybill_vault::Vault;

use crate::counterparty::CounterpartyKeys;
use crate::own::OwnKeys;

/// Answers that need no more than the database.
const OWN_KEYS_AT_ONCE: usize = 256;
/// Many more, since they may wait for a slow counterparty, and must not keep the others waiting.
const COUNTERPARTY_KEYS_AT_ONCE: usize = 8192;

/// What the service works with.
pub struct KeysService {
    /// Where keys are kept.
    pub store: Store,
    /// Where it is asked, and where it asks for keys of counterparties.
    pub bus: Bus,
    /// Seals private keys and addresses.
    pub vault: Vault,
    /// The current time.
    pub clock: SharedClock,
    /// Randomness for keys.
    pub entropy: SharedEntropy,
    /// How long keys are used and kept.
    pub lifetimes: KeyLifetimes,
    /// Longest time for fetching a key from a counterparty.
    pub fetch_timeout: Duration,
}

impl KeysService {
    /// Starts answering on the bus.
    pub fn serve(self) {
        let service = Arc::new(self);
        service.bus.serve(OwnKeys::new(Arc::clone(&service)), OWN_KEYS_AT_ONCE);
        service.bus.serve(CounterpartyKeys::new(Arc::clone(&service)), COUNTERPARTY_KEYS_AT_ONCE);
    }
}
