//! Messages to other members: signed, sent, and their answers checked.

mod answer;
mod client;
mod error;
mod exchange;
mod key_scope;
mod keys;
mod open;
mod patience;
mod refusal;
mod seal;

pub use answer::PeerAnswer;
pub(crate) use client::LONGEST_ATTEMPT;
pub use client::{Draft, Peers};
pub use error::{PeerError, Unavailability};
pub use key_scope::KeyScope;
pub use open::{OpenError, open_sealed};
pub use patience::Patience;
pub use seal::{SealedMessage, SealingKey};
