//! Turns what was given into typed values and collects every mistake on the way.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::mistake::SettingsMistake;
use super::spec::SettingSpec;
use super::value::SettingValue;

/// Text as it stood in a file or in the environment. No `Debug`: it may be a secret.
pub(super) enum Text {
    /// A single value.
    One(String),
    /// A list written as a TOML array.
    Many(Vec<String>),
}

/// A value and where it came from.
pub(super) struct Given {
    /// The text.
    pub text: Text,
    /// The variable, or file and line.
    pub source: String,
    /// The file that the text is the content of, where a secret has one of its own.
    pub secret_file: Option<PathBuf>,
}

impl Given {
    /// A value, and where it came from.
    pub fn new(text: Text, source: impl Into<String>) -> Self {
        Self { text, source: source.into(), secret_file: None }
    }

    /// The content of a file of its own.
    pub fn in_file(text: String, source: impl Into<String>, path: &str) -> Self {
        Self { secret_file: Some(path.into()), ..Self::new(Text::One(text), source) }
    }
}

/// What was given, by name (`ingress.bind`); stronger sources have already replaced weaker ones.
pub(super) type AllGiven = BTreeMap<String, Given>;

/// Reads typed values.
pub(super) struct Reader<'a> {
    given: &'a AllGiven,
    /// The mistakes so far.
    pub mistakes: Vec<SettingsMistake>,
}

impl<'a> Reader<'a> {
    /// Reads from `given`, and from the defaults for what is not there.
    pub fn new(given: &'a AllGiven) -> Self {
        Self { given, mistakes: Vec::new() }
    }

    /// The value of one setting. After a mistake the default, so that the checks between settings still run.
    pub fn read<T: SettingValue>(
        &mut self,
        spec: &SettingSpec,
        check: impl Fn(&T) -> Result<(), String>,
    ) -> Option<T> {
        let name = spec.name();
        let default = || spec.default.or(T::OPTIONAL.then_some("")).and_then(|text| T::from_text(text).ok());
        let Some(given) = self.given.get(&name) else {
            let value = default();
            if value.is_none() {
                let problem = format!("is required; set it in the settings file or as {}", spec.variable());
                self.mistakes.push(SettingsMistake { key: name, source: "not set".to_owned(), problem });
            }
            return value;
        };
        let read = match &given.text {
            Text::One(text) => T::from_text(text),
            Text::Many(items) => T::from_list(items),
        };
        match read.and_then(|value| check(&value).map(|()| value)) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.mistakes.push(SettingsMistake { key: name, source: given.source.clone(), problem });
                default()
            }
        }
    }
}
