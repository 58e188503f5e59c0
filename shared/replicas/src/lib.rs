//! What the processes over one database tell each other: who is there, who takes how much of a limit, and which
//! destinations all of them leave alone.
#![deny(missing_docs)]

mod board;
mod pace;
mod roster;
mod seat;

pub use board::Board;
pub use pace::{Pace, Turn};
pub use roster::Roster;
