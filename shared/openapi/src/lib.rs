//! How the interfaces describe themselves: OpenAPI 3.1 in code. No IO.
//!
//! An endpoint has a `describe.rs` beside it that gives its [`Operation`]; limits, value lists and codes come from the
//! constants that the program itself works with. [`Document`] puts operations together.
#![deny(missing_docs)]

#[cfg(feature = "check")]
pub mod check;
mod document;
mod words;

pub mod types;

pub use document::{Document, Method, Tag, Webhook};
pub use words::{Answer, Field, Operation, Schema, field, optional};
