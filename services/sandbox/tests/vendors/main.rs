//! The vendors as a client sees them.

#[path = "../common/mod.rs"]
mod common;

mod catalogue;
mod connections;
mod journal;
mod kyt;
mod kyt_refusals;
mod modes;
mod play;
mod sanctions;
mod world_check;
mod world_check_refusals;
