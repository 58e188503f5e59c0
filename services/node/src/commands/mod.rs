//! What the command line can do.

pub mod api_keys;
pub mod callbacks;
pub mod config;
pub mod dead;
pub mod directory;
pub mod doctor;
pub mod generate;
pub mod ivms101;
pub mod keys;
pub mod migrate;
pub mod openapi;
pub mod retention;
pub mod run;
mod settings;
mod table;

pub use run::GRACE;
pub use settings::{load, open_store};
