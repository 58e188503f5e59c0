//! Commands.

mod callback;
mod counterparty;

pub use callback::{CallbackType, DeliverCallback};
pub use counterparty::{
    AnswerVerification, NotifyExpiry, ReportError, ReportTransaction, VerifyCounterparty,
};

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
];

/// The body of a command.
pub trait Command: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Names the kind of work, in the database and on the broker.
    const KIND: &'static str;
}
