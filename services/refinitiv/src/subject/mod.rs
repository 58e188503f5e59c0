//! Who is screened, and what is said about them.

mod field;
mod of_natural;
mod of_person;
mod template;
#[cfg(test)]
mod tests;

pub(crate) use field::{Field, FieldType, Subject};
pub(crate) use of_person::{NoName, subjects};
pub(crate) use template::CaseTemplate;
