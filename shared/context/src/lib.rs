//! What every service is given when it starts, and what several of them do with a row.
#![deny(missing_docs)]

mod assessments;
mod context;
mod identity;
mod key_lifetimes;
mod parties;
mod screenings;
mod shares;

pub use assessments::{ChainalysisKyt, ChainalysisKytAlert, ChainalysisSanction, RefinitivWorldCheckOne};
pub use context::{Context, SharedContext};
pub use identity::{Identity, IdentityFinding, Urgency, findings};
pub use key_lifetimes::KeyLifetimes;
pub use parties::{Parties, UnreadableParty};
pub use screenings::Screenings;
pub use shares::Shares;
