//! Secrets that stand in files of their own, which may get another content while the node runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::value::SettingValue as _;

/// Where such secrets stand, by setting (`chainalysis.kyt_api_key`).
#[derive(Debug, Clone, Default)]
pub struct SecretFiles(BTreeMap<String, PathBuf>);

impl SecretFiles {
    /// The file of a setting; none when its text was given in another way.
    pub fn of(&self, setting: &str) -> Option<&Path> {
        self.0.get(setting).map(PathBuf::as_path)
    }

    /// Reads the file of a setting again; none when it has no file.
    ///
    /// # Errors
    /// What is wrong with the file; never its content.
    pub fn read(&self, setting: &str) -> Option<Result<SecretString, String>> {
        let path = self.of(setting)?;
        Some(secret_in(&path.to_string_lossy()).and_then(|text| SecretString::from_text(&text)))
    }
}

impl FromIterator<(String, PathBuf)> for SecretFiles {
    fn from_iter<I: IntoIterator<Item = (String, PathBuf)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}

/// The secret that stands in a file of its own, without the newline that editors end it with.
pub(super) fn secret_in(path: &str) -> Result<String, String> {
    let content =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {}", error.kind()))?;
    let line = content.strip_suffix('\n').unwrap_or(&content);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}
