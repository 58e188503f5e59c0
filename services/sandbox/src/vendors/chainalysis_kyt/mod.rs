//! Chainalysis KYT, version 2: transfers and withdrawal attempts are registered, assessed, and asked about.

mod alerts;
mod categories;
mod dispatch;
mod error;
mod exposures;
mod networks;
mod prices;
mod record;
mod register;
mod registered;
mod request;
mod summary;
mod users;

pub(super) use dispatch::answer;
pub(super) use error::error;
pub(super) use registered::Registered;
