//! The World-Check One API, version 2.

mod call;
mod case;
mod client;
mod error;
mod refusal;
mod screening;
mod server_time;
mod sign;
mod skew;

pub(crate) use call::Pace;
pub(crate) use case::{NewCase, last_screened};
pub(crate) use client::Api;
pub(crate) use error::ApiError;
pub(crate) use refusal::Refusal;
pub(crate) use screening::{MOST_AT_ONCE, ScreeningAsked, Standing};
