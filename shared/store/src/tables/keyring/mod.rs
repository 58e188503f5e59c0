//! The keys that seal at rest, by name: which there are, which nodes have them, how far sealing again has come.

pub mod keys;
pub mod nodes;
pub mod resealing;
