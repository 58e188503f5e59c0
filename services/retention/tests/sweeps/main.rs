//! The service over a database of its own.

mod by_age;
mod by_period;
mod races;
mod support;
