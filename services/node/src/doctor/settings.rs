//! Are the settings complete and right?

use waybill_runtime::settings::{LoadFrom, Settings, process_environment};

use super::finding::Findings;
use crate::cli::SettingsSource;

/// The settings, when they can be used; every mistake is a finding.
pub fn examine(source: &SettingsSource, findings: &mut Findings) -> Option<Settings> {
    let from = LoadFrom { file: source.config.clone(), env: process_environment(), for_run: true };
    match Settings::load(from) {
        Ok(loaded) => {
            for note in loaded.notes.iter().filter(|note| note.is_warning()) {
                findings.warning("settings", note.to_string(), "remove it, or set what replaces it");
            }
            let from = source.config.as_ref().map_or("the environment only".to_owned(), |file| {
                format!("{} and the environment", file.display())
            });
            findings.fine("settings", format!("complete, from {from}"));
            Some(loaded.settings)
        }
        Err(mistakes) => {
            for mistake in mistakes {
                findings.fault(
                    "settings",
                    mistake.to_string(),
                    "docs/CONFIGURATION.md lists every setting; nothing else was looked at",
                );
            }
            None
        }
    }
}
