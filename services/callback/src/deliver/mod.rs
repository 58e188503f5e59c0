//! One attempt to deliver a callback, and what becomes of it.

mod deliverer;
mod record;

pub(crate) use deliverer::Deliverer;
