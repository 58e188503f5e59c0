//! What the person who wrote the settings is told.

use std::fmt;

/// One mistake in the settings. Never repeats a value, which might be a secret in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsMistake {
    /// The setting, such as `ingress.bind`; empty when the file as a whole cannot be read.
    pub key: String,
    /// Where it was found: a variable, or a file and line.
    pub source: String,
    /// What is wrong, as the rest of a sentence.
    pub problem: String,
}

impl fmt::Display for SettingsMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.source, self.problem),
            key => write!(f, "{key} ({}): {}", self.source, self.problem),
        }
    }
}

/// Something worth a line in the log although the settings are valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsNote {
    /// A setting was taken from a variable of the older interface.
    AliasUsed {
        /// The variable.
        alias: &'static str,
        /// The setting it stands for.
        setting: &'static str,
    },
    /// A variable of the older interface was set, but a stronger source sets the same setting.
    AliasOverridden {
        /// The variable.
        alias: &'static str,
        /// The stronger variable.
        by: String,
    },
    /// A variable of the older interface has no effect here.
    AliasWithoutEffect {
        /// The variable.
        alias: String,
        /// Why, and what to do instead.
        why: &'static str,
    },
}

impl SettingsNote {
    /// Whether somebody should look at it, rather than merely know it.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::AliasWithoutEffect { .. })
    }
}

impl fmt::Display for SettingsNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AliasUsed { alias, setting } => write!(f, "{alias} sets {setting}"),
            Self::AliasOverridden { alias, by } => write!(f, "{alias} is set, but {by} goes before it"),
            Self::AliasWithoutEffect { alias, why } => write!(f, "{alias} has no effect: {why}"),
        }
    }
}
