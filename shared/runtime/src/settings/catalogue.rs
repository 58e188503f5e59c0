//! Finds a setting by name among all that are declared.

use super::every_section::CATALOGUE;
use super::spec::{CataloguedSection, SettingSpec};

/// Every section.
pub(super) fn catalogue() -> &'static [CataloguedSection] {
    CATALOGUE
}

/// Every setting.
pub(super) fn all_specs() -> impl Iterator<Item = &'static SettingSpec> {
    CATALOGUE.iter().flat_map(|section| section.specs)
}

/// The setting with this name, such as `ingress.bind`.
pub(super) fn spec_named(name: &str) -> Option<&'static SettingSpec> {
    let (section, key) = name.split_once('.')?;
    all_specs().find(|spec| spec.section == section && spec.key == key)
}

/// Whether `name` is a setting that may come from a file of its own.
pub(super) fn is_secret(name: &str) -> bool {
    spec_named(name).is_some_and(|spec| spec.secret)
}

/// `; did you mean …?` with the declared setting nearest to `name`, or nothing when none is near.
pub(super) fn suggestion(name: &str, written: impl Fn(&SettingSpec) -> String) -> String {
    let distance = |spec: &&SettingSpec| strsim::osa_distance(&spec.name(), name);
    match all_specs().min_by_key(distance).filter(|spec| distance(spec) <= 3) {
        Some(spec) => format!("; did you mean `{}`?", written(spec)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{LoadFrom, Settings};

    /// Given by hand, a default runs through the same checks as any other value.
    #[test]
    fn every_default_passes_its_own_checks() {
        let env = all_specs().filter_map(|spec| Some((spec.variable(), spec.default?.to_owned())));
        let mistakes = Settings::load(LoadFrom { file: None, env, for_run: false }).unwrap_err();
        for mistake in mistakes {
            assert_eq!(mistake.source, "not set", "{mistake}");
        }
    }

    #[test]
    fn settings_are_told_apart_by_name() {
        let mut names: Vec<String> = all_specs().map(SettingSpec::name).collect();
        let declared = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), declared);
        assert!(
            CATALOGUE.iter().all(|section| section.specs.iter().all(|spec| spec.section == section.name))
        );
    }
}
