//! What can be done with the keys.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum KeysAction {
    /// List keys with the number of values each has sealed, nodes, and how far sealing again is
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Add a key to the file; it opens and does not seal yet
    Add {
        /// Its name: 1 to 16 of a-z, 0-9 and -; the next of k1, k2, … when left out
        name: Option<String>,
        /// The wrapped key or its reference, where `encryption.decrypt_url` unwraps keys
        #[arg(long, value_name = "TEXT")]
        wrapped: Option<String>,
    },
    /// Make a key the one that seals, and seal everything again with it in the background
    Rotate {
        /// Its name; the newest when left out
        name: Option<String>,
        /// Although a node that shares the database lacks the key
        #[arg(long)]
        force: bool,
    },
    /// Take a key out of the file, once nothing is sealed with it any more
    Retire {
        /// Its name
        name: String,
        /// Although values that do not open with it, and could not be sealed again, name it
        #[arg(long)]
        abandon_unreadable: bool,
    },
}
