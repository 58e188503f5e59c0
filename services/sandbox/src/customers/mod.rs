//! Whom a backend knows, and at which addresses.

mod book;
mod names;
mod people;

pub(crate) use book::{Account, Book, Owned};
pub(crate) use names::{legal_names, matching, natural_names};
pub(crate) use people::{Company, Customer, Home, Person, book_of};
