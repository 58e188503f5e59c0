//! One node at a time in a folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context as _, bail};

/// Held while a node uses a folder; the system lets go of it when the process ends, however it ends.
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the folder, which is made when it is absent.
    pub fn take(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        restrict(folder)?;
        let path = folder.join("node.lock");
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "another node is using the folder {}; stop it, or choose another folder",
                    folder.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }
}

/// The folder holds sealed personal data and, for `waybill dev`, keys: nobody else may look.
fn restrict(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
        .with_context(|| format!("cannot restrict the folder {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use waybill_testkit::TestFolder;

    use super::*;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = TestFolder::new();
        let first = FolderLock::take(folder.path()).unwrap();
        let refusal = FolderLock::take(folder.path()).err().unwrap().to_string();
        assert!(refusal.contains("another node is using the folder"), "{refusal}");
        drop(first);
        FolderLock::take(folder.path()).unwrap();
    }
}
