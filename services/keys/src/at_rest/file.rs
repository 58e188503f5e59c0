//! The keyring's file: read by its owner only, written whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use waybill_crypto::KeyringEntries;
use zeroize::Zeroizing;

use super::AtRestError;

/// A thousand keys fit; anything larger is another file.
const MOST_BYTES: u64 = 128 * 1024;

/// Reads the text of the file.
///
/// # Errors
/// [`AtRestError::File`] and [`AtRestError::OpenToOthers`].
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, AtRestError> {
    let file = File::open(path).map_err(|error| failed(path, error.kind()))?;
    let about = file.metadata().map_err(|error| failed(path, error.kind()))?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(AtRestError::OpenToOthers(path.display().to_string()));
    }
    let mut text = Zeroizing::new(String::new());
    let read =
        file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|error| failed(path, error.kind()))?;
    if read as u64 > MOST_BYTES {
        return Err(failed(path, ErrorKind::FileTooLarge));
    }
    Ok(text)
}

/// Reads the entries in the file.
///
/// # Errors
/// [`AtRestError`].
pub(super) fn entries(path: &Path) -> Result<KeyringEntries, AtRestError> {
    let place = || path.display().to_string();
    KeyringEntries::parse(&read(path)?).map_err(|why| AtRestError::Unusable { place: place(), why })
}

/// The right to change the file, held by one operator's command at a time.
pub(super) struct Locked {
    path: PathBuf,
    _lock: File,
}

impl Locked {
    /// Waits for whoever changes the file now. A link is followed, so that the file itself is replaced and the link stays.
    ///
    /// # Errors
    /// [`AtRestError::File`].
    pub(super) fn take(path: &Path) -> Result<Self, AtRestError> {
        let path = path.canonicalize().map_err(|error| failed(path, error.kind()))?;
        let beside = with_suffix(&path, ".lock");
        let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&beside);
        let lock = open.map_err(|error| failed(&beside, error.kind()))?;
        lock.lock().map_err(|error| failed(&beside, error.kind()))?;
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn entries(&self) -> Result<KeyringEntries, AtRestError> {
        entries(&self.path)
    }

    /// Puts other entries in the place of those in the file: on disk when this returns, and never half of them.
    ///
    /// # Errors
    /// [`AtRestError::File`].
    pub(super) fn write(&self, entries: &KeyringEntries) -> Result<(), AtRestError> {
        let half = with_suffix(&self.path, ".part");
        let write = || -> std::io::Result<()> {
            let _ = std::fs::remove_file(&half); // left by a command that was cut off; its mode may be anything
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half)?;
            file.write_all(entries.to_text().as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&half, &self.path)?;
            // The new name must be on disk too; a path that was canonical has a folder.
            self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        write().map_err(|error| failed(&self.path, error.kind()))
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn failed(path: &Path, why: ErrorKind) -> AtRestError {
    AtRestError::File { path: path.display().to_string(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::TestFolder;

    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn written(folder: &TestFolder, text: &str, mode: u32) -> PathBuf {
        let path = folder.join("keyring");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn only_its_owner_may_read_it() {
        let folder = TestFolder::new();
        for mode in [0o600, 0o400] {
            assert!(entries(&written(&folder, &format!("k1:{KEY}\n"), mode)).is_ok(), "{mode:o}");
            std::fs::remove_file(folder.join("keyring")).unwrap();
        }
        for mode in [0o640, 0o604, 0o660, 0o610] {
            let refused = entries(&written(&folder, &format!("k1:{KEY}\n"), mode)).unwrap_err();
            assert!(matches!(refused, AtRestError::OpenToOthers(_)), "{mode:o}: {refused}");
            assert!(refused.to_string().contains("chmod 600") && !refused.to_string().contains(KEY));
        }
    }

    #[test]
    fn what_is_no_keyring_is_told_without_its_content() {
        let folder = TestFolder::new();
        for text in ["", "\n", KEY, "K:x", &format!("k1:{KEY}\n{KEY}")] {
            let refused = entries(&written(&folder, text, 0o600)).unwrap_err().to_string();
            assert!(refused.contains("keyring") && !refused.contains("AAEC"), "{refused}");
        }
        let large = "x".repeat(200_000);
        assert!(entries(&written(&folder, &large, 0o600)).unwrap_err().to_string().contains("large"));
        std::fs::write(folder.join("keyring"), [0xff, 0xfe]).unwrap();
        assert!(entries(&folder.join("keyring")).is_err());
        assert!(entries(&folder.join("absent")).unwrap_err().to_string().contains("not found"));
    }

    #[test]
    fn it_is_replaced_whole_through_links_and_over_what_a_cut_off_command_left() {
        let folder = TestFolder::new();
        let path = written(&folder, &format!("k1:{KEY},k2:{KEY}"), 0o400);
        let link = folder.join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        std::fs::write(folder.join("keyring.part"), "half").unwrap();
        let locked = Locked::take(&link).unwrap();
        let entries = locked.entries().unwrap();
        locked.write(&entries).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("k1:{KEY}\nk2:{KEY}\n"));
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(link.is_symlink() && !folder.join("keyring.part").exists());
    }
}
