//! Why a file of networks cannot be used.

/// Said to the operator when the node starts.
#[derive(Debug, thiserror::Error)]
pub enum NetworksError {
    /// The file is not there, or not for us.
    #[error("cannot read {file}: {why}")]
    Unreadable {
        /// Path of the file.
        file: String,
        /// What the system says.
        why: std::io::Error,
    },
    /// What stands in it is wrong.
    #[error("{file}, line {line}: {why}")]
    Wrong {
        /// Path of the file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        why: String,
    },
}
