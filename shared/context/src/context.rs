//! What every service is given when it starts.

use std::sync::Arc;

use waybill_bus::Bus;
use waybill_crypto::IdentityKey;
use waybill_directory::DirectoryHolder;
use waybill_domain::{SharedClock, SharedEntropy, VaspId, VerificationUuid};
use waybill_egress::Egress;
use waybill_networks::Networks;
use waybill_runtime::settings::Settings;
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::Store;
use waybill_vault::Vault;

use crate::{Identity, Shares};

/// One node, as its services see it.
pub struct Context {
    /// Effective settings.
    pub settings: Settings,
    /// The VASP this node speaks for.
    pub own_id: VaspId,
    /// The current time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// The database.
    pub store: Store,
    /// Commands and requests.
    pub bus: Bus,
    /// Sealing at rest.
    pub vault: Vault,
    /// Outgoing HTTP.
    pub egress: Egress,
    /// What this process may take of the limits that it has in common with others.
    pub shares: Shares,
    /// Members of the alliance.
    pub directory: DirectoryHolder,
    /// Blockchains and assets.
    pub networks: Arc<Networks>,
    /// The keys that sign what we send to other nodes.
    pub identity: Identity,
    /// The wish to stop; tasks in the background end when it is requested.
    pub shutdown: Shutdown,
    /// The tasks in the background. When one dies, the node stops.
    pub tasks: TaskGroup,
}

/// A node that its services share.
pub type SharedContext = Arc<Context>;

impl Context {
    /// The key that signs what we send to other nodes now.
    pub fn signing_key(&self) -> &IdentityKey {
        self.identity.signing_key(&self.directory.current(), self.own_id, self.clock.now())
    }

    /// A new id for a verification.
    pub fn new_uuid(&self) -> VerificationUuid {
        VerificationUuid::from_random(self.random())
    }

    /// A new name for a request on the bus.
    pub fn request_id(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.random()))
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}
