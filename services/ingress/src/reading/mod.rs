//! Reading requests, with the dotted path of the first fault.

mod body;
mod fields;
mod payload;
mod query;

pub(crate) use body::JsonBody;
pub(crate) use fields::Fields;
pub(crate) use payload::{check_size, first_error};
pub(crate) use query::Query;
