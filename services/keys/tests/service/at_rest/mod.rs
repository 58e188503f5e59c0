//! The keys that seal at rest: several nodes over one database, and the operator beside them.

mod damaged_files;
mod decrypt;
mod house;
mod operators;
mod rotation;
mod unreadable;
