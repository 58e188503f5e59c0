//! Who we are to other nodes: the keys that sign for us, and what the directory says of them.

mod finding;
mod findings;
mod keys;

pub use finding::{IdentityFinding, Urgency};
pub use findings::findings;
pub use keys::Identity;
