//! The vendor's words: strict where a missing thing could be read as clean, tolerant elsewhere.

mod alerts;
mod categories;
pub(crate) mod refusal;
mod registration;
mod summary;

pub(crate) use alerts::{Alert, AlertsAnswer, read as read_alerts};
pub(crate) use categories::CategoriesAnswer;
pub(crate) use registration::{NewAttempt, NewTransfer, direction};
pub(crate) use summary::{Summary, WireSummary};
