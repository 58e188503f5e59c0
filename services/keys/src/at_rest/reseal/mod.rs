//! Sealing everything that is stored again with the key that seals now, in the background.

mod batch;
mod resealer;
mod situation;
mod tables;

pub use resealer::{Resealer, Step};
