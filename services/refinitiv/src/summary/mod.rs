//! What is kept of a case and its results.

mod strongest;
mod text;

pub(crate) use strongest::{Matches, OneResult};
pub(crate) use text::{summary, watchlist_matches};
