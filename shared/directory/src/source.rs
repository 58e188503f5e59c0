//! Where the signed directory comes from.

use std::path::PathBuf;
use std::str::FromStr;

use async_trait::async_trait;
use url::Url;

/// No directory is larger than this: room for some ten thousand members.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A file, or a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectorySource {
    /// Path of a file.
    File(PathBuf),
    /// Address of a file on a server. Its answer is trusted for its signature only.
    Url(Url),
}

/// Fetches the directory over HTTP; implemented by whoever has an HTTP client.
#[async_trait]
pub trait FetchDirectory: Send + Sync {
    /// The body behind `url`, at most [`MAX_BYTES`].
    async fn fetch(&self, url: &Url) -> Result<Vec<u8>, FetchError>;
}

/// Why the directory could not be fetched, for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FetchError(pub String);

/// Why the source gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be read.
    #[error("cannot read {path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// The URL cannot be fetched.
    #[error("cannot fetch the directory: {0}")]
    Fetch(#[from] FetchError),
    /// More than [`MAX_BYTES`].
    #[error("the directory is larger than {} MiB", MAX_BYTES / (1024 * 1024))]
    TooLarge,
}

impl DirectorySource {
    /// Reads the source.
    pub async fn read(&self, fetcher: &dyn FetchDirectory) -> Result<Vec<u8>, SourceError> {
        let bytes = match self {
            Self::File(path) => read_file(path).await?,
            Self::Url(url) => fetcher.fetch(url).await?,
        };
        if bytes.len() > MAX_BYTES { Err(SourceError::TooLarge) } else { Ok(bytes) }
    }
}

async fn read_file(path: &PathBuf) -> Result<Vec<u8>, SourceError> {
    let failed = |why| SourceError::File { path: path.clone(), why };
    let size = tokio::fs::metadata(path).await.map_err(failed)?.len();
    if size > MAX_BYTES as u64 {
        return Err(SourceError::TooLarge);
    }
    tokio::fs::read(path).await.map_err(failed)
}

impl FromStr for DirectorySource {
    type Err = url::ParseError;

    /// Text that starts with `https://` or `http://` is a URL, everything else a path.
    fn from_str(text: &str) -> Result<Self, url::ParseError> {
        if text.starts_with("https://") || text.starts_with("http://") {
            text.parse().map(Self::Url)
        } else {
            Ok(Self::File(text.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_are_told_apart() {
        let url: DirectorySource = "https://alliance.example/directory.json".parse().unwrap();
        assert_eq!(url, DirectorySource::Url("https://alliance.example/directory.json".parse().unwrap()));
        for path in ["directory.json", "/etc/waybill/directory.json", "./https/x"] {
            assert_eq!(path.parse(), Ok(DirectorySource::File(path.into())));
        }
        assert!("https://".parse::<DirectorySource>().is_err());
    }
}
