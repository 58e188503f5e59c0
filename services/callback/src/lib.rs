//! Delivers callbacks to the VASP's backend: rendered from the record when sent, signed, in order for each
//! verification, again and again until the backend says 200.
#![deny(missing_docs)]

mod body;
mod deliver;
mod headers;
mod operate;
mod rules;
mod service;
mod start;

pub use body::webhooks;
pub use headers::HeadersError;
pub use operate::{CallbackFilter, CallbackView, LastAttempt, ReplayError, ReplayTarget, list, replay};
pub use service::CallbackService;
pub use start::start;
