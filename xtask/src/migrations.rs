//! A migration that has landed is never edited: `migrations/checksums.txt` remembers each of them.
//!
//! The list is kept, not derived from history, so that the check works in a shallow clone. It is in the format of
//! sha256sum: `cd migrations && sha256sum --check checksums.txt` says the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::cargo::root;

const LIST: &str = "checksums.txt";

/// From `sqlite/0001_name.sql` to the checksum of its content.
type Checksums = BTreeMap<String, String>;

/// Fails when a recorded migration was edited, renamed or removed, or a new one is not recorded yet.
pub fn check() -> Result<()> {
    check_folder(&folder())
}

/// Adds the new migrations to the list; refuses when a recorded one differs.
pub fn record() -> Result<()> {
    record_folder(&folder())
}

fn check_folder(folder: &Path) -> Result<()> {
    let (recorded, present) = (recorded(folder)?, present(folder)?);
    ensure!(!present.is_empty(), "there is no migration in {}", folder.display());
    refuse_changes(&recorded, &present)?;
    match present.keys().find(|name| !recorded.contains_key(*name)) {
        Some(name) => bail!("{name} is not in {LIST} yet: run `cargo xtask record-migrations`"),
        None => Ok(()),
    }
}

fn record_folder(folder: &Path) -> Result<()> {
    let present = present(folder)?;
    refuse_changes(&recorded(folder)?, &present)?;
    let mut list = String::new();
    for (name, checksum) in &present {
        writeln!(list, "{checksum}  {name}")?;
    }
    fs::write(folder.join(LIST), list).with_context(|| format!("cannot write {LIST}"))
}

fn refuse_changes(recorded: &Checksums, present: &Checksums) -> Result<()> {
    for (name, checksum) in recorded {
        match present.get(name) {
            None => bail!("{name} has landed and is gone; what a database has applied must stay"),
            Some(now) if now != checksum => {
                bail!("{name} has landed and was edited; write a new migration instead")
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn recorded(folder: &Path) -> Result<Checksums> {
    let path = folder.join(LIST);
    if !path.exists() {
        return Ok(Checksums::new());
    }
    let mut checksums = Checksums::new();
    for line in fs::read_to_string(path)?.lines() {
        let (checksum, name) =
            line.split_once("  ").with_context(|| format!("{LIST}: unreadable line: {line}"))?;
        checksums.insert(name.to_owned(), checksum.to_owned());
    }
    Ok(checksums)
}

fn present(folder: &Path) -> Result<Checksums> {
    let mut checksums = Checksums::new();
    for dialect in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        for file in entries(&dialect)? {
            let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
            checksums.insert(name, hex::encode(Sha256::digest(fs::read(&file)?)));
        }
    }
    Ok(checksums)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn folder() -> PathBuf {
    root().join("migrations")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A folder with one recorded migration.
    fn recorded_folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("sqlite")).unwrap();
        write(&folder, "0001_first.sql", "CREATE TABLE a (b)");
        record_folder(folder.path()).unwrap();
        folder
    }

    fn write(folder: &TempDir, name: &str, content: &str) {
        fs::write(folder.path().join("sqlite").join(name), content).unwrap();
    }

    fn fault(folder: &TempDir) -> String {
        check_folder(folder.path()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_recorded_and_unchanged_passes() {
        check_folder(recorded_folder().path()).unwrap();
    }

    #[test]
    fn the_list_is_in_the_format_of_sha256sum() {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("sqlite")).unwrap();
        write(&folder, "0001_first.sql", "abc");
        record_folder(folder.path()).unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join(LIST)).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  sqlite/0001_first.sql\n"
        );
    }

    #[test]
    fn an_edited_migration_is_refused_and_cannot_be_recorded() {
        let folder = recorded_folder();
        write(&folder, "0001_first.sql", "CREATE TABLE a (c)");
        assert_eq!(
            fault(&folder),
            "sqlite/0001_first.sql has landed and was edited; write a new migration instead"
        );
        record_folder(folder.path()).unwrap_err();
    }

    #[test]
    fn a_removed_migration_is_refused() {
        let folder = recorded_folder();
        write(&folder, "0002_second.sql", "");
        fs::remove_file(folder.path().join("sqlite/0001_first.sql")).unwrap();
        assert!(fault(&folder).starts_with("sqlite/0001_first.sql has landed and is gone"));
    }

    #[test]
    fn a_new_migration_must_be_recorded() {
        let folder = recorded_folder();
        write(&folder, "0002_second.sql", "");
        assert!(fault(&folder).starts_with("sqlite/0002_second.sql is not in checksums.txt yet"));
        record_folder(folder.path()).unwrap();
        check_folder(folder.path()).unwrap();
    }
}
