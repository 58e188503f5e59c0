//! Who may call, what they may do, and how often.

pub mod api_keys;
mod binding;
mod caller;
mod gate;
mod host;
mod key_cache;
mod limits;
mod scope;

pub use binding::{BindingRefused, may_bind};
pub use scope::{Scope, Scopes, UnknownScope};

pub(crate) use caller::Caller;
pub(crate) use gate::{Access, guarded};
pub(crate) use key_cache::KeyCache;
pub(crate) use limits::Limits;

#[cfg(test)]
mod tests;
