//! Opening what a counterparty sealed to a key of ours.

use serde::de::DeserializeOwned;
use waybill_context::Context;
use waybill_domain::{Fault, codes};
use waybill_protocol::messages::Sealed;
use waybill_protocol::{OpenMessageError, SealContext, open_message};
use waybill_store::StoreError;
use waybill_store::tables::own_keys;
use waybill_vault::VaultError;

/// Why a payload was not opened. Holds nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No private key of ours has this key id any more.
    #[error("the payload is sealed to a key that is not known")]
    UnknownKey,
    /// The payload is not for this message, or not what the message needs.
    #[error(transparent)]
    Payload(#[from] OpenMessageError),
    /// Our private key does not open at rest.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OpenError> for Fault {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::UnknownKey => codes::unknown_key(),
            OpenError::Payload(error) => error.into(),
            OpenError::Vault(error) => error.into(),
            OpenError::Store(error) => {
                tracing::error!(%error, "the key of a payload could not be read");
                codes::database_unavailable()
            }
        }
    }
}

/// Opens a payload with the private key of ours that it names; a retired key still opens.
///
/// # Errors
/// [`OpenError`].
pub async fn open_sealed<T: DeserializeOwned>(
    ctx: &Context,
    context: &SealContext,
    sealed: &Sealed,
) -> Result<T, OpenError> {
    let find = ctx.store.read("own_keys::by_key_id", sealed.key_id.clone(), |tx, key_id| {
        Box::pin(own_keys::by_key_id(tx, key_id))
    });
    let found: Result<_, StoreError> = find.await;
    let key = found?.ok_or(OpenError::UnknownKey)?;
    let private_key = ctx.vault.open_private_key(&key.key_id, &key.private_key_sealed)?;
    Ok(open_message(context, &private_key, sealed)?)
}
