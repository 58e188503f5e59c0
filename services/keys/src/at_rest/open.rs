//! The keys of a node that starts.

use std::sync::Arc;

use waybill_domain::{SharedEntropy, Timestamp};
use waybill_egress::Egress;
use waybill_runtime::settings::Settings;
use waybill_store::Store;
use waybill_vault::Vault;

use super::identity::{self, NodeIdentity};
use super::{AtRestError, Source, fingerprint, retired};

/// The source of a node's keys, after the first ring was taken from it.
pub struct AtRest {
    pub(super) source: Source,
    pub(super) node: NodeIdentity,
}

impl AtRest {
    /// Reads the keyring, asks for wrapped keys, and takes the fingerprint key from the database.
    ///
    /// # Errors
    /// [`AtRestError`]: the node must not start.
    pub async fn open(
        settings: &Settings,
        store: &Store,
        egress: &Egress,
        entropy: SharedEntropy,
        now: Timestamp,
    ) -> Result<(Vault, Self), AtRestError> {
        let node = identity::of(&settings.node.data_dir, &*entropy)?;
        let mut source = Source::of(settings, egress)?;
        let vault = first_ring(&mut source, entropy).await?;
        retired::check(store, &vault.keyring()).await?;
        fingerprint::adopt(store, &vault, now).await?;
        Ok((vault, Self { source, node }))
    }

    /// Tells this process from all others over the database, as [`Self::node_name`] and the host.
    pub fn node_id(&self) -> String {
        self.node.id()
    }

    /// The name that was made for the node's folder: 16 hexadecimal digits, the same after a restart.
    pub fn node_name(&self) -> &str {
        &self.node.name
    }
}

/// A vault over what the source holds.
pub(super) async fn first_ring(source: &mut Source, entropy: SharedEntropy) -> Result<Vault, AtRestError> {
    let offered = source.changed().await?;
    // An empty text is no keyring and was refused, and nothing else was taken yet; so there is one.
    let offered = offered.ok_or_else(|| AtRestError::Refused("there is no keyring".to_owned()))?;
    Ok(Vault::new(Arc::new(source.take(offered)), entropy))
}
