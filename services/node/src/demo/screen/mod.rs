//! What a person sees, and the keys that they press.

mod json;
mod keys;
mod looks;
mod page;

pub use json::LEFT_OUT;
pub use keys::{Keys, Wish};
pub use looks::{Looks, Role};
pub use page::{NobodyReads, Screen, millis};
