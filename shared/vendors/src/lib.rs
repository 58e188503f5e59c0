//! Calls to vendors, for the services that screen: turns of limits that all processes share, classification of answers,
//! numbers and times as vendors write them, credentials that may change, and the loop that polls.
#![deny(missing_docs)]

mod after_failure;
mod answer;
mod credential;
mod limit;
mod poll;
mod schedule;
mod unconfigured;
mod vendor;

pub use after_failure::{AfterFailure, Failure, after_failure};
pub use answer::{Decimal, DecimalError, Object, credential_id, cut, json, json_list, parse_vendor_time};
pub use credential::{Renewed, renewed};
pub use limit::{Limit, NoTurn, Priority};
pub use poll::{Backlog, Poll, PollOptions, PollerHandle, poll, poll_over};
pub use schedule::{STEPS, next_look};
pub use unconfigured::Unconfigured;
pub use vendor::{Ask, Request, Vendor, VendorError, VendorParts};
