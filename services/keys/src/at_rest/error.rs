//! Why there is no keyring. Names and places only, never a key.

use waybill_crypto::KeyringError;
use waybill_store::StoreError;

/// What keeps a node from its keys, or an operator from changing them.
#[derive(Debug, thiserror::Error)]
pub enum AtRestError {
    /// The file cannot be read or written.
    #[error("{path}: {why}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// Somebody else may read the file.
    #[error("{0} holds keys and is open to others; only its owner may read it (chmod 600)")]
    OpenToOthers(String),
    /// What stands there is no keyring.
    #[error("{place}: {why}")]
    Unusable {
        /// The setting or the file.
        place: String,
        /// What is wrong.
        why: KeyringError,
    },
    /// A name that stood for another key before.
    #[error("the key {0:?} is another one than before under the same name; a new key needs a new name")]
    Changed(String),
    /// The key that is to seal was retired.
    #[error(
        "the key {0:?} was retired and must not seal: the other nodes could not open what it seals; give this node the \
         keyring that they have"
    )]
    Retired(String),
    /// The endpoint does not give a key.
    #[error("encryption.decrypt_url gives no key for {key:?}: {why}")]
    Decrypt {
        /// The name of the key.
        key: String,
        /// Why.
        why: DecryptFault,
    },
    /// `backend.authorization_token` or its header is unusable.
    #[error("the backend's token does not fit into an HTTP header")]
    Token,
    /// The database was sealed with other keys.
    #[error(
        "the keyring does not open this database: its fingerprint key is sealed with {0:?}; give the node the keys \
         that the database was used with"
    )]
    OtherKeys(String),
    /// An operation that must not be done as things are; the text says why, and what to do.
    #[error("{0}")]
    Refused(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the endpoint gave no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecryptFault {
    /// No answer.
    #[error("{0}")]
    Unreachable(String),
    /// Another status than 200.
    #[error("it answered {0} instead of 200")]
    Status(u16),
    /// Not a JSON object with a text `outputKey`.
    #[error("its answer is not a JSON object with the text `outputKey`")]
    Shape,
    /// `outputKey` is no key.
    #[error("`outputKey` is unusable: {0}")]
    Key(waybill_crypto::KeyError),
}
