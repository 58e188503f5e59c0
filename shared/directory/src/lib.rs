//! The signed list of alliance members: who they are, where their nodes are, and which keys speak for them.
#![deny(missing_docs)]

mod check;
mod directory;
mod document;
mod endpoint;
mod envelope;
mod error;
mod holder;
mod member;
mod source;
mod standing;

pub use directory::Directory;
pub use document::Document;
pub use endpoint::{Endpoint, EndpointError};
pub use envelope::{Envelope, sign, verify};
pub use error::DirectoryError;
pub use holder::{DirectoryHolder, LoadError, Reload};
pub use member::{IdentityKeyEntry, Member, MemberAsset};
pub use source::{DirectorySource, FetchDirectory, FetchError, MAX_BYTES, SourceError};
pub use standing::KeyStanding;
