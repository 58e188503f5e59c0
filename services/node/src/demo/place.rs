//! The folder of a demo: one that removes itself, or one that the caller chose.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

/// Where the demo keeps its state.
pub enum Place {
    /// Removed with this value, however the demo ends.
    Passing(TempDir),
    /// Stays.
    Chosen(PathBuf),
}

impl Place {
    pub fn of(chosen: Option<&Path>) -> anyhow::Result<Self> {
        match chosen {
            Some(folder) => Ok(Self::Chosen(folder.to_owned())),
            None => tempfile::Builder::new()
                .prefix("waybill-demo-")
                .tempdir()
                .map(Self::Passing)
                .context("cannot make a temporary folder; choose one with --folder DIR"),
        }
    }

    pub fn path(&self) -> &Path {
        match self {
            Self::Passing(folder) => folder.path(),
            Self::Chosen(folder) => folder,
        }
    }

    /// Leaves what may stay, removes the rest, and says which.
    pub fn tidy_up(self) -> anyhow::Result<String> {
        match self {
            Self::Passing(folder) => {
                folder.close().context("the temporary folder cannot be removed")?;
                Ok("Everything is stopped and nothing is left behind.".to_owned())
            }
            Self::Chosen(folder) => {
                Ok(format!("Everything is stopped; the state stays in {}.", folder.display()))
            }
        }
    }
}
