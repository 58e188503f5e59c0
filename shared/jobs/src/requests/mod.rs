//! Requests.

mod counterparty;
mod keys;
mod screening;

pub use counterparty::{AccountAnswer, CheckAccount, FetchKey, InquireTransaction, TransactionAnswer};
pub use keys::{CounterpartyKey, KeyAnswer, OwnKey};
pub use screening::{AskSanction, KeepAnswer, RegisterKyt, RegisterWco, ScreeningAnswer};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A question to a service.
pub trait Request: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Names the question on the bus.
    const KIND: &'static str;
    /// The answer. A refusal is a `Fault` in its place.
    type Answer: Serialize + DeserializeOwned + Send + Sync + 'static;
}
