//! What is known about settings besides their values.

use super::value::SettingValue;

/// What is known about one setting besides its value.
#[derive(Debug, Clone, Copy)]
pub struct SettingSpec {
    /// The section it stands in, such as `ingress`.
    pub section: &'static str,
    /// Its name within the section, such as `bind`.
    pub key: &'static str,
    /// What it means, for the reference.
    pub meaning: &'static [&'static str],
    /// What kind of value it takes, for the reference.
    pub kind: &'static str,
    /// The text it is read from when nobody sets it.
    pub default: Option<&'static str>,
    /// Whether its value is never shown and may come from a file of its own.
    pub secret: bool,
    /// Whether it may be left unset.
    pub optional: bool,
}

impl SettingSpec {
    /// The name people use for it: `ingress.bind`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The environment variable that sets it: `WAYBILL__INGRESS__BIND`.
    pub fn variable(&self) -> String {
        format!("WAYBILL__{}__{}", self.section, self.key).to_uppercase()
    }
}

/// What `section!` records about a setting of type `T`.
pub(super) const fn spec<T: SettingValue>(
    section: &'static str,
    key: &'static str,
    meaning: &'static [&'static str],
    default: Option<&'static str>,
) -> SettingSpec {
    SettingSpec { section, key, meaning, kind: T::KIND, default, secret: T::SECRET, optional: T::OPTIONAL }
}

/// A section as the reference and the checks of names see it.
pub(super) struct CataloguedSection {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub meaning: &'static [&'static str],
    /// Its settings.
    pub specs: &'static [SettingSpec],
}
