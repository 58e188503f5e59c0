//! Typed settings from a file and the environment.

mod aliases;
mod backend_token;
mod catalogue;
mod checks;
mod database;
mod database_aliases;
mod duration;
mod environment;
mod every_section;
mod file;
mod load;
mod mistake;
mod reader;
mod reference;
mod relations;
mod secret_files;
mod section;
mod sections;
mod show;
mod spec;
mod value;

pub use backend_token::BackendTokenError;
pub use environment::process_environment;
pub use every_section::Settings;
pub use load::{LoadFrom, Loaded};
pub use mistake::{SettingsMistake, SettingsNote};
pub use reference::reference;
pub use secret_files::SecretFiles;
pub use sections::*;
pub use spec::SettingSpec;

use catalogue::{all_specs, catalogue, is_secret, spec_named, suggestion};
