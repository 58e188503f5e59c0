//! Registration within a request: the caller learns at once what the vendor refuses.

mod counterparty;
mod handler;
mod kept;
mod refused;
mod take;

pub(crate) use counterparty::Counterparty;
pub(crate) use handler::Registration;
pub(crate) use take::NAMES_TO_TRY;
