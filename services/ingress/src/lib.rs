//! The private REST API for the VASP's own backend: accepts, stores, answers. It sends nothing to anybody else; what
//! is to be sent it leaves to the other services, by command or by request.

mod callers;
mod docs_page;
mod endpoints;
mod idempotency;
mod ingress;
mod members;
mod reading;
mod refused;
mod render;
mod router;
#[cfg(test)]
mod testing;

pub use callers::{BindingRefused, Scope, Scopes, UnknownScope, api_keys, may_bind};
pub use router::{description, router};
