//! A model of how commands are handed out, small enough to try everything that can happen; and the store itself, held
//! against the same rules.

mod row;
mod search;
mod store;
mod variants;
mod world;
