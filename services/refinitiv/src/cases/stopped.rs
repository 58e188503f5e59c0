//! Why a case did not come further.

use waybill_store::StoreError;
use waybill_vault::VaultError;

use crate::api::ApiError;

/// Holds nothing personal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    /// The vendor.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Our database, or the lease was lost.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked cannot be read any more.
    #[error(transparent)]
    Sealed(#[from] VaultError),
    /// It is not certain whether the vendor has taken the screening on, or it does not know everywhere what it has just
    /// made: only time tells.
    #[error("how far the vendor has come is not certain yet")]
    Unsure,
}
