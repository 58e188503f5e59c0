//! Why a directory is not accepted.

use waybill_crypto::KeyError;
use waybill_domain::VaspId;

use crate::Directory;

/// A directory that must not be used; only [`DirectoryError::Expired`] leaves something that may still answer.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Not a signed directory at all.
    #[error("not a signed directory: {0}")]
    NotEnvelope(String),
    /// Signed with another key than the trust root's.
    #[error("the directory is signed with the key {found:?}, the trust root is {expected:?}")]
    UnknownSigner {
        /// Key id in the envelope.
        found: String,
        /// Key id of the trust root.
        expected: String,
    },
    /// Altered, or signed by somebody else.
    #[error("the directory's signature is wrong")]
    BadSignature,
    /// The signed document is not of the right form.
    #[error("the directory is malformed at `{path}`: {why}")]
    Malformed {
        /// Dotted path of the field.
        path: String,
        /// What is wrong there.
        why: String,
    },
    /// `expiresAt` is not after `issuedAt`.
    #[error("the directory expires before it is issued")]
    NeverValid,
    /// One id twice.
    #[error("the member {0} is listed twice")]
    DuplicateMember(VaspId),
    /// `legalPerson` is not an IVMS101 legal person.
    #[error("the legal person of member {0} is not of the form {{\"legalPerson\": …}}")]
    BadLegalPerson(VaspId),
    /// A key that cannot be used.
    #[error("the identity key {key_id:?} of member {member} is unusable: {why}")]
    BadKey {
        /// Whose.
        member: VaspId,
        /// Which.
        key_id: String,
        /// Why.
        why: KeyError,
    },
    /// `keyId` is not what follows from the key.
    #[error("the identity key {key_id:?} of member {member} must have the id {expected:?}")]
    WrongKeyId {
        /// Whose.
        member: VaspId,
        /// Which.
        key_id: String,
        /// What follows from the key.
        expected: String,
    },
    /// `notAfter` is not after `notBefore`.
    #[error("the identity key {key_id:?} of member {member} is never valid")]
    KeyNeverValid {
        /// Whose.
        member: VaspId,
        /// Which.
        key_id: String,
    },
    /// One key for two members, or twice for one: a signature would not say who signed.
    #[error("the identity key {key_id:?} is listed for member {first} and again for member {second}")]
    SharedKey {
        /// Which.
        key_id: String,
        /// Who is listed first.
        first: VaspId,
        /// Who is listed with the same key.
        second: VaspId,
    },
    /// Older than what was accepted before, perhaps to bring back a removed key.
    #[error("the directory has version {offered}, version {accepted} was accepted before")]
    RolledBack {
        /// Its version.
        offered: u64,
        /// The highest version accepted so far.
        accepted: u64,
    },
    /// Two signed documents with one version.
    #[error("the directory has version {0} like the one in use, and other content")]
    SameVersion(u64),
    /// Good in all else, and out of date: for answering only, not for new verifications.
    #[error("the directory has expired")]
    Expired(Box<Directory>),
    /// A document that cannot be written as JSON.
    #[error("the directory cannot be written")]
    Unwritable,
}
