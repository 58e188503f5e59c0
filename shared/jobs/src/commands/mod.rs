//! Commands.

mod callback;
mod counterparty;
mod screening;

pub use callback::{CallbackType, DeliverCallback};
pub use counterparty::{
    AnswerVerification, NotifyExpiry, ReportError, ReportTransaction, VerifyCounterparty,
};
pub use screening::{ScreenAddress, ScreenPersons, ScreenTransfer};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Every kind of command.
pub const COMMAND_KINDS: &[&str] = &[
    VerifyCounterparty::KIND,
    AnswerVerification::KIND,
    ReportTransaction::KIND,
    ReportError::KIND,
    NotifyExpiry::KIND,
    DeliverCallback::KIND,
    ScreenAddress::KIND,
    ScreenTransfer::KIND,
    ScreenPersons::KIND,
];

/// The body of a command.
pub trait Command: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Names the kind of work, in the database and on the broker.
    const KIND: &'static str;
}
