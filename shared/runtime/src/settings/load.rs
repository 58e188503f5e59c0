//! Puts file, aliases and environment together into [`Settings`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::every_section::{Sections, Settings};
use super::mistake::{SettingsMistake, SettingsNote};
use super::reader::{AllGiven, Reader};
use super::secret_files::SecretFiles;
use super::{aliases, database_aliases, environment, file, relations, show};

/// Where settings come from. Stronger first: environment, aliases in it, file, defaults.
pub struct LoadFrom<E> {
    /// The settings file, when there is one.
    pub file: Option<PathBuf>,
    /// Environment variables; [`process_environment`](super::process_environment) for the real ones.
    pub env: E,
    /// Whether a node is to run with them: then the backend's URLs are required too.
    pub for_run: bool,
}

/// Valid settings and what is worth saying about them.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Lines for the log.
    pub notes: Vec<SettingsNote>,
    /// Where each setting came from, by name; the rest are defaults.
    pub(super) sources: BTreeMap<String, String>,
}

impl Loaded {
    /// The effective settings as a TOML file with secrets masked; a comment tells where each value came from.
    pub fn show(&self) -> String {
        show::as_toml(&self.settings, &self.sources)
    }
}

impl Settings {
    /// Loads and checks the settings.
    ///
    /// # Errors
    /// Every mistake there is, in the order in which the sources and sections are read.
    pub fn load<E>(from: LoadFrom<E>) -> Result<Loaded, Vec<SettingsMistake>>
    where
        E: Iterator<Item = (String, String)>,
    {
        let variables: BTreeMap<String, String> = from.env.collect();
        let mut given = AllGiven::new();
        let mut mistakes = Vec::new();
        if let Some(path) = &from.file {
            mistakes.extend(file::apply(path, &mut given));
        }
        let mut notes = aliases::apply(&variables, &mut given);
        let database = database_aliases::apply(&variables, &mut given);
        notes.extend(database.notes);
        mistakes.extend(database.mistakes);
        mistakes.extend(environment::apply(&variables, &mut given));
        for note in &mut notes {
            tell_if_overridden(note, &given);
        }

        let mut reader = Reader::new(&given);
        let sections = Sections::read(&mut reader);
        reader.mistakes.retain(|found| mistakes.iter().all(|known| known.key != found.key));
        mistakes.append(&mut reader.mistakes);
        let files = given.iter().filter_map(|(name, given)| Some((name.clone(), given.secret_file.clone()?)));
        let secret_files: SecretFiles = files.collect();
        let sources: BTreeMap<String, String> =
            given.into_iter().map(|(name, given)| (name, given.source)).collect();
        let mut relations = relations::mistakes(&sections, from.for_run, &sources);
        relations.retain(|found| mistakes.iter().all(|known| known.key != found.key));
        mistakes.append(&mut relations);
        match sections.complete(secret_files) {
            Some(settings) if mistakes.is_empty() => Ok(Loaded { settings, notes, sources }),
            _ => Err(mistakes),
        }
    }
}

fn tell_if_overridden(note: &mut SettingsNote, given: &AllGiven) {
    let SettingsNote::AliasUsed { alias, setting } = note else { return };
    if let Some(by) = given.get(*setting).map(|given| &given.source).filter(|source| source != alias) {
        *note = SettingsNote::AliasOverridden { alias, by: by.clone() };
    }
}
