//! Prints effective settings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::catalogue;
use super::every_section::Settings;

/// `settings` as a TOML file, secrets masked, with the source of each value as a comment.
pub(super) fn as_toml(settings: &Settings, sources: &BTreeMap<String, String>) -> String {
    let mut toml = String::new();
    for (section, literals) in catalogue().iter().zip(settings.literals()) {
        let _ = writeln!(toml, "{}[{}]", if toml.is_empty() { "" } else { "\n" }, section.name);
        for (spec, literal) in section.specs.iter().zip(literals) {
            let source = sources.get(&spec.name()).map_or("default", String::as_str);
            let _ = match literal {
                Some(literal) => writeln!(toml, "{} = {literal} # {source}", spec.key),
                None => writeln!(toml, "# {} is not set", spec.key),
            };
        }
    }
    toml
}
