//! What becomes of a request that was worked on. Each step is one transaction, and fails when the request is somebody
//! else's by now.

mod callback;
mod fail;
mod finish;
mod held;
mod quota;
mod stopped;
mod wait;

pub(crate) use fail::{End, NOT_SCREENED_IN_TIME};
pub(crate) use held::Held;
