//! Our VASP's own backend: whose customers they are, whether a transfer is welcome, how far it has come.

mod account;
mod answer;
mod call;
mod describe;
mod error;
mod transaction;
mod verification;

pub use account::{AccountCheck, AccountVerdict};
pub use call::Backend;
pub use describe::webhooks;
pub use error::BackendError;
pub use transaction::TransactionStanding;
pub use verification::{BackendVerdict, VerificationCheck};
