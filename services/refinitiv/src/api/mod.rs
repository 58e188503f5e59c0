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

pub(crate) use call::{Caller, Operation, Pace, signed};
pub(crate) use case::{NewCase, last_screened};
pub(crate) use client::{Api, case_template_url};
pub(crate) use error::ApiError;
pub(crate) use refusal::Refusal;
pub(crate) use screening::{MOST_AT_ONCE, ScreeningAsked, Standing};
pub(crate) use sign::SigningKey;
pub(crate) use skew::ClockSkew;

use std::time::Duration;

/// How far the vendor's clock may be from the time that we ascribe to it.
pub(crate) const MARGIN: Duration = Duration::from_secs(60);
