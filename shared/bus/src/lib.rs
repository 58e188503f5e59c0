//! How services reach each other: commands, which are certain to be done, and requests, which are answered at once.
//!
//! A command is a row, added in the transaction of its cause and handed to a [`CommandHandler`] under a lease.
//! It is at every moment finished, or certain to be handed out again. Every delay is a row with a due time.
#![deny(missing_docs)]

mod amqp;
mod bus;
mod command_ids;
pub mod dead_letters;
mod embedded;
mod ending;
mod handler;
mod lease_watch;
mod naps;
mod refusal;
mod requests;
mod runner;
mod shared;

pub use amqp::AmqpOptions;
pub use bus::Bus;
pub use command_ids::CommandIds;
pub use handler::{Claim, CommandHandler, Outcome};
pub use requests::RequestHandler;
pub use shared::BusOptions;
