//! What operators do with commands that were given up.

mod drop;
mod letter;
mod list;
mod outlook;
mod redrive;

pub use drop::{DropError, LONGEST_REASON, drop_dead_letter};
pub use letter::DeadLetter;
pub use list::{Details, list_dead_letters, show_dead_letter};
pub use outlook::Outlook;
pub use redrive::{RedriveError, Redriven, redrive, redrive_all};
