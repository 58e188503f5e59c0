//! The journal as the handlers see it: append, select, count.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use waybill_domain::Fault;

use super::entry::Entry;
use super::index::{Index, Selection};
use super::owner::{Owner, Topic, Wanted};
use super::read::{self, Page};
use super::shared_index::SharedIndex;
use super::writer::Writer;

const FILE_NAME: &str = "journal.jsonl";

/// How much of each request is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalKeeping {
    /// Everything, on disk.
    Full,
    /// Only how many there were, in memory: for benchmarks. What earlier runs kept stays readable.
    CountOnly,
}

/// Why the sandbox does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its folder cannot be made or not be closed to others.
    #[error("the sandbox folder cannot be prepared")]
    Folder(#[source] io::Error),
    /// Another sandbox works on the same folder.
    #[error("another sandbox is using the same folder")]
    InUse,
    /// The journal cannot be opened or read.
    #[error("the sandbox journal cannot be opened")]
    Journal(#[source] io::Error),
}

/// The entries of all, on disk, with an index in memory.
pub(crate) struct Journal {
    path: PathBuf,
    index: SharedIndex,
    /// Absent when entries are only counted.
    writer: Option<Writer>,
    /// Holds the lock on the file.
    _file: Arc<File>,
}

impl Journal {
    /// Opens or makes the journal in a folder. A last line torn off by a crash is cut away.
    pub(crate) fn open(folder: &Path, keeping: JournalKeeping) -> Result<Self, OpenError> {
        prepare(folder).map_err(OpenError::Folder)?;
        let path = folder.join(FILE_NAME);
        let file = open_private(&path).map_err(OpenError::Journal)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse,
            TryLockError::Error(error) => OpenError::Journal(error),
        })?;
        let (index, end) = Index::load(&file).map_err(OpenError::Journal)?;
        file.set_len(end).map_err(OpenError::Journal)?;
        let (index, file) = (SharedIndex::new(index), Arc::new(file));
        let writer = match keeping {
            JournalKeeping::CountOnly => None,
            JournalKeeping::Full => {
                Some(Writer::start(Arc::clone(&file), end, index.clone()).map_err(OpenError::Journal)?)
            }
        };
        Ok(Self { path, index, writer, _file: file })
    }

    /// Keeps an entry. When this returns, the entry survives the death of the process.
    pub(crate) async fn append(&self, owner: Owner, topic: Topic, entry: Entry<'_>) -> Result<(), Fault> {
        let Some(writer) = &self.writer else {
            self.index.write().count(owner, topic);
            return Ok(());
        };
        let line = entry.line().map_err(|error| unkept(&error.into()))?;
        writer.write(owner, topic, line).await.map_err(|error| unkept(&error))
    }

    /// The selected entries.
    pub(crate) async fn page(&self, selection: Selection) -> Result<Page, Fault> {
        let (slots, last) = self.index.read().select(&selection);
        let path = self.path.clone();
        let entries = tokio::task::spawn_blocking(move || read::array(&path, &slots)).await;
        let entries = entries.map_err(io::Error::from).flatten();
        let entries = entries.map_err(|error| {
            tracing::error!(%error, "the sandbox journal cannot be read");
            Fault::new(500, "JOURNAL-FAILED", "The journal could not be read")
        })?;
        Ok(Page { entries, last })
    }

    /// How many requests there were, of earlier runs too.
    pub(crate) fn count(&self, owner: Owner, wanted: &Wanted) -> u64 {
        self.index.read().counted(owner, wanted)
    }
}

fn unkept(error: &io::Error) -> Fault {
    tracing::error!(%error, "the sandbox journal cannot be written");
    Fault::new(500, "JOURNAL-FAILED", "The request could not be kept")
}

/// Makes the folder; only its owner may look into it.
fn prepare(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
