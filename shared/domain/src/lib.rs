//! Ids, amounts, states and their legal transitions, refusals. No IO, no async.
#![deny(missing_docs)]

mod clock;
mod entropy;
mod fault;
mod ids;
mod key_type;

pub use clock::{Clock, SharedClock, Timestamp, truncate_to_millis};
pub use entropy::{Entropy, EntropyRng, SharedEntropy};
pub use fault::Fault;
pub use ids::{ApiKeyId, CommandId, IdError, VaspId, VerificationUuid};
pub use key_type::KeyType;
