//! Folders that clean themselves up.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A fresh folder of one test, removed when dropped.
#[derive(Debug)]
pub struct TestFolder {
    folder: TempDir,
}

impl TestFolder {
    /// Makes an empty folder under the system's folder for temporary files.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("waybill-test-")
            .tempdir()
            .expect("the folder for temporary files is writable");
        Self { folder }
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of something in the folder, whether it exists or not.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, with the folders on the way to it, and returns its path.
    pub fn write(&self, name: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        let parent = path.parent().expect("a path inside a folder has a parent");
        std::fs::create_dir_all(parent).expect("a test folder takes new folders");
        std::fs::write(&path, contents).expect("a test folder takes new files");
        path
    }
}

impl Default for TestFolder {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_gone_after_the_test() {
        let folder = TestFolder::new();
        let file = folder.write("deep/settings.toml", "a = 1");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "a = 1");
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }
}
