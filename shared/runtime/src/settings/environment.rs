//! Settings from environment variables: `WAYBILL__SECTION__KEY`.

use std::collections::BTreeMap;

use super::mistake::SettingsMistake;
use super::reader::{AllGiven, Given, Text};
use super::secret_files::secret_in;
use super::{is_secret, spec_named, suggestion};

/// The variables of this process that settings may come from.
///
/// Text that is not Unicode is kept as far as possible, so that it is refused where it matters.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, text)| (lossy(name), lossy(text)))
}

fn lossy(text: std::ffi::OsString) -> String {
    text.into_string().unwrap_or_else(|raw| raw.to_string_lossy().into_owned())
}

/// Lays the `WAYBILL__…` variables over what was given before.
pub(super) fn apply(variables: &BTreeMap<String, String>, given: &mut AllGiven) -> Vec<SettingsMistake> {
    let mut mistakes = Vec::new();
    for (variable, text) in variables {
        let Some(path) = variable.strip_prefix("WAYBILL__") else { continue };
        let name = if path.chars().any(|letter| letter.is_ascii_lowercase()) {
            path.to_owned() // variables are upper case; the suggestion says so
        } else {
            path.to_lowercase().replacen("__", ".", 1)
        };
        let mut mistake = |key: &str, problem: String| {
            mistakes.push(SettingsMistake { key: key.to_owned(), source: variable.clone(), problem });
        };
        if spec_named(&name).is_some() {
            given.insert(name, Given::new(Text::One(text.clone()), variable));
        } else if let Some(secret) = name.strip_suffix("_file").filter(|name| is_secret(name)) {
            let beside = variable.strip_suffix("_FILE").filter(|direct| variables.contains_key(*direct));
            match (beside, secret_in(text)) {
                (Some(direct), _) => mistake(secret, format!("is set by {direct} too; keep one of them")),
                (None, Err(problem)) => mistake(secret, problem),
                (None, Ok(secret_text)) => {
                    given.insert(secret.to_owned(), Given::in_file(secret_text, variable, text));
                }
            }
        } else {
            let nearest = suggestion(&name.to_lowercase().replacen("__", ".", 1), |spec| spec.variable());
            mistake(&name, format!("unknown setting{nearest}"));
        }
    }
    mistakes
}
