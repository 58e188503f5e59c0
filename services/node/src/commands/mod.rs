//! What the command line can do.

pub mod api_keys;
pub mod callbacks;
pub mod config;
pub mod directory;
pub mod generate;
pub mod run;
mod settings;
mod table;

pub use run::GRACE;
pub use settings::{load, open_store};
