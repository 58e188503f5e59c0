//! Calls to one vendor.

mod ask;
mod calls;
mod classify;
mod error;

pub use ask::{Ask, Request};
pub use calls::{Vendor, VendorParts};
pub use error::VendorError;
