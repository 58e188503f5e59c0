//! The keys that seal at rest: where they come from, which nodes have them, and sealing everything again with a new one.

mod announce;
mod decrypt;
mod error;
mod file;
mod fingerprint;
mod identity;
mod open;
pub mod operate;
mod reseal;
mod retired;
mod source;
mod watch;

pub use announce::{Farewell, SPANS};
pub use error::{AtRestError, DecryptFault};
pub use open::AtRest;
pub use reseal::{Resealer, Step};
pub(crate) use source::Source;
pub use watch::Watch;
