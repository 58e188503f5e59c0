//! Several processes over one database, as far as they know of each other.

mod breakers;
mod processes;
mod shares;
