//! The API as programs of other languages meet it: a property-based tester, and clients generated from the document.

mod generated;
mod properties;
mod tools;
