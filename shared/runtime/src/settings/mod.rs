//! Typed settings from a file and the environment.

mod aliases;
mod backend_token;
mod catalogue;
mod checks;
mod duration;
mod environment;
mod file;
mod load;
mod mistake;
mod reader;
mod reference;
mod relations;
mod section;
mod sections;
mod show;
mod value;

pub use backend_token::BackendTokenError;
pub use environment::process_environment;
pub use load::{LoadFrom, Loaded, Settings};
pub use mistake::{SettingsMistake, SettingsNote};
pub use reference::reference;
pub use section::SettingSpec;
pub use sections::*;

use catalogue::{CataloguedSection, all_specs, catalogue, spec_named, suggestion};
