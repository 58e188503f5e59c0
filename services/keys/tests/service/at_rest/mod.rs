//! The keys that seal at rest: several nodes over one database, and the operator beside them.

mod damaged_files;
mod decrypt;
mod house;
mod last_pass;
mod operators;
mod retiring;
mod rotation;
mod unreadable;
