//! Code lists that others keep, as data with their source.

pub mod countries;
pub mod lei;
pub mod registration_authorities;
