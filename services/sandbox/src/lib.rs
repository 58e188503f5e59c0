//! Stand-ins for what cannot be had here: the backends of two VASPs with known customers, a journal of what they
//! were sent, and inputs and switches that make them refuse or misbehave.
#![deny(missing_docs)]

mod account;
mod callback;
mod catalogue;
mod customers;
mod denial;
mod endpoint;
mod fields;
mod journal;
mod magic;
mod misbehaviour;
mod mode;
mod options;
mod receive;
mod reply;
mod sandbox;
mod serve;
mod state;
mod token;
mod transaction;
mod verification;

pub use catalogue::{Case, cases, customers_table, magic_table};
pub use endpoint::Endpoint;
pub use journal::{JournalKeeping, OpenError};
pub use options::{Backend, CustomerSet, OUR_VASP, Options, ROBOT_VASP};
pub use sandbox::Sandbox;
pub use serve::run;
pub use token::Token;
