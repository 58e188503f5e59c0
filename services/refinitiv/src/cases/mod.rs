//! The cases of a request: from our intent to the vendor's screening.

mod asked;
mod intent;
mod register;
mod save;
mod stopped;
mod templates;

pub(crate) use asked::open_subject;
pub(crate) use intent::{Intent, Taken};
pub(crate) use register::is_unregistered;
pub(crate) use stopped::Stopped;
pub(crate) use templates::Templates;
