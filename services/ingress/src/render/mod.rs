//! How stored things look in answers.

mod record;

pub(crate) use record::Record;
