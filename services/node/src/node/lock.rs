//! One node at a time on a folder, and on a database.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};

/// Held while a node uses a folder or a database; the system lets go of it when the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes a folder, which is made when it is absent.
    pub fn folder(folder: &Path) -> anyhow::Result<Self> {
        make_private(folder)?;
        Self::take(&folder.join("node.lock"), &format!("the folder {}", folder.display()))
    }

    /// Takes a database file, wherever it lies.
    pub fn database(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            make_private(folder)?;
        }
        Self::take(&path.with_extension("lock"), &format!("the database {}", path.display()))
    }

    fn take(path: &Path, what: &str) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!("another node is using {what}; stop it, or choose another folder")
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }
}

/// Makes a folder that nobody else may look into: it will hold sealed personal data and, for `waybill dev`, keys. One
/// that exists is left as its owner made it.
pub fn make_private(folder: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use waybill_testkit::TestFolder;

    use super::*;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = TestFolder::new();
        let first = Lock::folder(folder.path()).unwrap();
        let refusal = Lock::folder(folder.path()).err().unwrap().to_string();
        assert!(refusal.contains("another node is using the folder"), "{refusal}");
        drop(first);
        Lock::folder(folder.path()).unwrap();
    }

    #[test]
    fn a_folder_of_somebody_else_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = TestFolder::new();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        let before = mode(folder.path());
        let _own = Lock::folder(folder.path()).unwrap();
        let _made = Lock::folder(&folder.join("made")).unwrap();
        assert_eq!((mode(folder.path()), mode(&folder.join("made"))), (before, 0o700));
    }

    #[test]
    fn a_database_is_taken_once_by_nodes_with_folders_of_their_own() {
        let folder = TestFolder::new();
        let database = folder.join("elsewhere/waybill.sqlite");
        let _first = Lock::database(&database).unwrap();
        let refusal = Lock::database(&database).err().unwrap().to_string();
        assert!(refusal.contains("another node is using the database"), "{refusal}");
    }
}
