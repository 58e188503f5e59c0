//! The only HTTP client of the house: address policy, timeouts, limits, circuit breakers.
#![deny(missing_docs)]

mod address;
mod allow_list;
mod board;
mod breaker;
mod call;
mod clients;
mod destinations;
mod egress;
mod error;
mod failure;
mod options;
mod permits;
mod policy;
mod resolver;
mod retry_after;
mod trust;

pub use allow_list::{AllowList, AllowListError};
pub use board::{BreakerBoard, BreakerChange, OpenElsewhere, Probe};
pub use breaker::BreakerState;
pub use call::{Answer, Call};
pub use egress::Egress;
pub use error::{ConnectFault, EgressError, EgressSetupError, ProtocolFault};
pub use options::EgressOptions;
pub use policy::{EgressClass, Refusal};
