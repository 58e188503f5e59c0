//! The directory in use, replaced while the node runs.

use std::sync::{Arc, PoisonError, RwLock};

use waybill_crypto::VerifyingKey;
use waybill_domain::Timestamp;

use crate::{Directory, DirectoryError, DirectorySource, FetchDirectory, SourceError, verify};

/// Holds the last good directory. Reading is cheap; take a snapshot once per request.
#[derive(Debug)]
pub struct DirectoryHolder {
    trust_root: VerifyingKey,
    current: RwLock<Accepted>,
}

/// A directory and the bytes it was read from.
#[derive(Debug, Clone)]
struct Accepted {
    directory: Arc<Directory>,
    signed: Arc<[u8]>,
}

/// Why a directory could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The source gave nothing.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What it gave is not to be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

/// What became of a reload.
#[derive(Debug)]
pub enum Reload {
    /// A newer directory is in use; its version is to be remembered. It may have expired already.
    Updated {
        /// Its version.
        version: u64,
    },
    /// The source still has the one in use.
    Unchanged,
    /// The one in use stays, and somebody should look why.
    Kept {
        /// What is wrong with the source or its directory.
        why: LoadError,
    },
}

impl DirectoryHolder {
    /// Loads the first directory. An expired one is taken: it is good for answering.
    ///
    /// `last_version` is the highest version this node ever accepted, 0 for none: remembered by the caller, so that nobody
    /// brings back an old directory by restarting the node.
    pub async fn open(
        source: &DirectorySource,
        fetcher: &dyn FetchDirectory,
        trust_root: VerifyingKey,
        now: Timestamp,
        last_version: u64,
    ) -> Result<Self, LoadError> {
        let first = load(source, fetcher, &trust_root, now, last_version).await?;
        Ok(Self { trust_root, current: RwLock::new(first) })
    }

    /// The directory in use.
    pub fn current(&self) -> Arc<Directory> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).directory)
    }

    /// The signed document of the directory in use, to keep for a start without the source.
    pub fn signed(&self) -> Arc<[u8]> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).signed)
    }

    /// Looks at the source again. Whatever goes wrong, the directory in use stays.
    pub async fn reload(
        &self,
        source: &DirectorySource,
        fetcher: &dyn FetchDirectory,
        now: Timestamp,
    ) -> Reload {
        let last_version = self.current().version();
        match load(source, fetcher, &self.trust_root, now, last_version).await {
            Ok(offered) => self.offer(offered),
            Err(why) => Reload::Kept { why },
        }
    }

    /// Decides under the lock: another reload may have been quicker.
    fn offer(&self, offered: Accepted) -> Reload {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let (version, accepted) = (offered.directory.version(), current.directory.version());
        if current.directory == offered.directory {
            return Reload::Unchanged;
        }
        if version < accepted {
            return Reload::Kept { why: DirectoryError::RolledBack { offered: version, accepted }.into() };
        }
        if version == accepted {
            return Reload::Kept { why: DirectoryError::SameVersion(version).into() };
        }
        *current = offered;
        Reload::Updated { version }
    }
}

async fn load(
    source: &DirectorySource,
    fetcher: &dyn FetchDirectory,
    trust_root: &VerifyingKey,
    now: Timestamp,
    last_version: u64,
) -> Result<Accepted, LoadError> {
    let bytes = source.read(fetcher).await?;
    let directory = match verify(&bytes, trust_root, now, last_version) {
        Err(DirectoryError::Expired(directory)) => *directory,
        other => other?,
    };
    Ok(Accepted { directory: Arc::new(directory), signed: bytes.into() })
}
