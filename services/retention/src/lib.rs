//! Deletes what has been kept long enough: verifications with all that belongs to them when a setting says so, and what
//! nobody needs any more in any case. Each thing that is deleted has a file in `things`.
#![deny(missing_docs)]

mod bounds;
mod pace;
mod periods;
mod preview;
mod retention;
mod start;
mod sweep;
mod tally;
mod things;

pub use periods::Periods;
pub use preview::{Preview, preview};
pub use retention::Retention;
pub use start::{of, start};
pub use sweep::Sweep;
pub use tally::Tally;
