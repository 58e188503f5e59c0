//! Settings from a TOML file.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::SettingsMistake;
use super::reader::{AllGiven, Given, Text};
use super::secret_files::secret_in;
use super::{all_specs, is_secret, spec_named, suggestion};

/// Reads every setting of the file into `given`.
pub(super) fn apply(path: &Path, given: &mut AllGiven) -> Vec<SettingsMistake> {
    let content = match std::fs::read_to_string(path) {
        Ok(content) => content,
        Err(error) => {
            let problem = format!("cannot read the settings file: {}", error.kind());
            return vec![SettingsMistake { key: String::new(), source: path.display().to_string(), problem }];
        }
    };
    let mut file = File { path, content: &content, given, mistakes: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(&content);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        file.mistake("", at, format!("not valid TOML: {}", error.message()));
    }
    for (name, section) in table.get_ref() {
        file.section(name.get_ref(), name.span().start, section);
    }
    file.mistakes
}

struct File<'a> {
    path: &'a Path,
    content: &'a str,
    given: &'a mut AllGiven,
    mistakes: Vec<SettingsMistake>,
}

impl File<'_> {
    fn section(&mut self, section: &str, at: usize, values: &Spanned<DeValue<'_>>) {
        let known = all_specs().any(|spec| spec.section == section);
        match values.get_ref() {
            DeValue::Table(values) if known => {
                for (key, value) in values {
                    self.value(&format!("{section}.{}", key.get_ref()), key.span().start, value);
                }
            }
            _ if known => self.mistake(section, at, format!("must be a section: [{section}]")),
            DeValue::Table(_) => self.mistake(section, at, "unknown section".to_owned()),
            _ => self.mistake(section, at, "unknown setting; settings stand in sections".to_owned()),
        }
    }

    fn value(&mut self, name: &str, at: usize, value: &Spanned<DeValue<'_>>) {
        let by_file = name.strip_suffix("_file").filter(|secret| is_secret(secret));
        if spec_named(name).is_none() && by_file.is_none() {
            return self.mistake(
                name,
                at,
                format!("unknown setting{}", suggestion(name, |spec| spec.name())),
            );
        }
        let setting = by_file.unwrap_or(name);
        let source = self.place(at);
        let read = match (text_of(value.get_ref()), by_file) {
            (Some(Text::One(path)), Some(_)) => {
                secret_in(&path).map(|secret| Given::in_file(secret, source, &path))
            }
            (Some(text), None) => Ok(Given::new(text, source)),
            _ => Err("must be text, a number, true or false, or a list of texts".to_owned()),
        };
        match read {
            Err(problem) => self.mistake(setting, at, problem),
            Ok(_) if self.given.contains_key(setting) => {
                self.mistake(setting, at, format!("is set twice; keep `{setting}` or `{setting}_file`"));
            }
            Ok(read) => {
                self.given.insert(setting.to_owned(), read);
            }
        }
    }

    fn mistake(&mut self, key: &str, at: usize, problem: String) {
        let source = self.place(at);
        self.mistakes.push(SettingsMistake { key: key.to_owned(), source, problem });
    }

    /// The file and the line that holds the byte at `at`.
    fn place(&self, at: usize) -> String {
        let before = &self.content.as_bytes()[..at.min(self.content.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!("{} line {line}", self.path.display())
    }
}

fn text_of(value: &DeValue<'_>) -> Option<Text> {
    match value {
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| scalar(item.get_ref())).collect();
            items.map(Text::Many)
        }
        single => scalar(single).map(Text::One),
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}
