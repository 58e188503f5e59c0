//! What operators do with callbacks.

mod list;
mod replay;

pub use list::{CallbackFilter, CallbackView, LastAttempt, list};
pub use replay::{ReplayError, ReplayTarget, replay};
