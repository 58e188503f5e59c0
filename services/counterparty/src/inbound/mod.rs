//! The public listener: what other members ask and tell us, and our answers to them.
//!
//! [`router()`] admits a message (`guard`), hands it to the file of its kind, and signs whatever comes back.

mod accounts;
mod answer_command;
mod answers;
mod case;
mod decision;
mod errors;
mod expiries;
mod faults;
mod guard;
mod inquiries;
mod keys;
mod listener;
mod message;
mod notify;
mod parties;
mod payload;
mod refusals;
mod reply;
mod report;
mod respond;
mod router;
mod seen;
mod trace;
mod transactions;
mod verifications;

use listener::Listener;
use message::Message;
use reply::{Handled, Reply};

pub(crate) use answer_command::start;
pub use router::router;
