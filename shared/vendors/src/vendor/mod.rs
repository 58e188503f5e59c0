//! Calls to one vendor.

mod ask;
mod classify;
mod error;
mod vendor;

pub use ask::{Ask, Request};
pub use error::VendorError;
pub use vendor::{Vendor, VendorParts};
