//! Reading what vendors answer.

mod decimal;
mod json;
mod text;
mod times;

pub use decimal::{Decimal, DecimalError};
pub(crate) use json::is_encoded;
pub use json::{Object, json, json_list};
pub use text::{credential_id, cut};
pub use times::parse_vendor_time;
