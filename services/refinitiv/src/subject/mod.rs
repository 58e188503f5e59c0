//! Who is screened, and what is said about them.

mod field;
mod of_natural;
mod of_person;
mod template;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use field::FieldType;
pub(crate) use field::{Field, Subject};
pub(crate) use of_person::subjects;
pub(crate) use template::CaseTemplate;
