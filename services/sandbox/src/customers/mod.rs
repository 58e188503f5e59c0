//! Whom a backend knows, and at which addresses.

mod book;
mod customer;
mod names;
mod people;

pub(crate) use book::{Account, Book, Owned};
pub(crate) use customer::{Company, Customer, Home, Person};
pub(crate) use names::{legal_names, matching, natural_names};
pub(crate) use people::book_of;
