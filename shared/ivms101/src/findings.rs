//! Collecting findings.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::Value;

use crate::finding::{Checked, Finding};
use crate::keys;
use crate::locate::{Counted, as_spelt};
use crate::path::Path;
use crate::profile::Profile;
use crate::rule::{Rule, Severity};

/// Collects findings, and knows by whose rules and on which day.
pub(crate) struct Findings {
    found: Vec<Found>,
    pub(crate) profile: Profile,
    /// Without a day, dates of birth are not held against it.
    pub(crate) today: Option<NaiveDate>,
    counted: Counted,
}

struct Found {
    finding: Finding,
    /// What counts the entries of lists in its path.
    counted: Counted,
}

impl Default for Findings {
    fn default() -> Self {
        Self::by(Profile::VerifyVasp, None)
    }
}

impl Findings {
    pub(crate) const fn by(profile: Profile, today: Option<NaiveDate>) -> Self {
        Self { found: Vec::new(), profile, today, counted: Counted::ByDocument }
    }

    /// An empty collection by the same rules, for what validation says about the model.
    pub(crate) fn fork(&self) -> Self {
        Self { counted: Counted::ByModel, ..Self::by(self.profile, self.today) }
    }

    pub(crate) fn missing(&mut self, path: &Path<'_>) {
        self.broken(path, Rule::Missing, "The field is mandatory.");
    }

    pub(crate) fn error(&mut self, path: &Path<'_>, rule: Rule, text: impl Into<Cow<'static, str>>) {
        self.add(path, rule, Severity::Error, text.into());
    }

    pub(crate) fn warning(&mut self, path: &Path<'_>, rule: Rule, text: impl Into<Cow<'static, str>>) {
        self.add(path, rule, Severity::Warning, text.into());
    }

    /// A finding as grave as the profile takes it.
    pub(crate) fn broken(&mut self, path: &Path<'_>, rule: Rule, text: impl Into<Cow<'static, str>>) {
        self.add(path, rule, rule.severity(self.profile), text.into());
    }

    fn add(&mut self, path: &Path<'_>, rule: Rule, severity: Severity, text: Cow<'static, str>) {
        let path = path.to_string();
        let finding = Finding { field: path.clone(), path, rule, severity, text };
        self.found.push(Found { finding, counted: self.counted });
    }

    /// Adds what validation says, except about what could not be read, and about what holds it.
    pub(crate) fn add_rules(&mut self, rules: Findings) {
        if rules.found.is_empty() {
            return;
        }
        let broken: HashSet<&str> = self.errors().map(|finding| finding.path.as_str()).collect();
        let holders: HashSet<&str> = broken.iter().copied().flat_map(with_holders).collect();
        let unread =
            |path: &str| holders.contains(path) || with_holders(path).any(|path| broken.contains(path));
        let news: Vec<Found> = rules.found.into_iter().filter(|found| !unread(&found.finding.path)).collect();
        self.found.extend(news);
    }

    /// Makes warnings of the errors at a path and below it.
    pub(crate) fn soften_below(&mut self, path: &Path<'_>) {
        let path = path.to_string();
        for Found { finding, .. } in &mut self.found {
            if with_holders(&finding.field).any(|holder| holder == path) {
                finding.severity = Severity::Warning;
            }
        }
    }

    /// All findings, in document order, by the names of the model.
    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        self.found.sort_by_cached_key(|found| document_position(&found.finding.field));
        self.found.into_iter().map(|found| found.finding).collect()
    }

    /// All findings, in document order, where `document` has them. It stands under the dotted path `base`.
    pub(crate) fn into_located(mut self, document: &Value, base: &str) -> Vec<Finding> {
        self.locate(document, base);
        self.into_sorted()
    }

    /// Names every place as `document` does.
    pub(crate) fn locate(&mut self, document: &Value, base: &str) {
        for Found { finding, counted } in &mut self.found {
            finding.path = as_spelt(document, base, &finding.field, *counted);
        }
    }

    /// What was read from `document`, unless an error stops it.
    pub(crate) fn check<T>(self, value: T, document: &Value, base: &str) -> Result<Checked<T>, Vec<Finding>> {
        let stopped = self.has_errors();
        let findings = self.into_located(document, base);
        if stopped { Err(findings) } else { Ok(Checked { value, warnings: findings }) }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.found.iter().map(|found| &found.finding).filter(|finding| finding.severity == Severity::Error)
    }
}

/// The path itself and every path above it, the whole document included.
fn with_holders(path: &str) -> impl Iterator<Item = &str> {
    let cuts = path.char_indices().filter(|(_, letter)| matches!(letter, '.' | '[')).map(|(at, _)| at);
    [path.len(), 0].into_iter().chain(cuts).map(|end| &path[..end])
}

/// Sorts paths as the fields stand in the interface documents; an object comes before its fields.
///
/// One pair for each segment: the place of the field among its siblings, and its index in a list.
fn document_position(path: &str) -> Vec<(usize, Option<usize>)> {
    let named = path.split('.').filter(|segment| !segment.is_empty());
    let segments = named.map(|segment| match segment.split_once('[') {
        Some((name, index)) => (keys::place(name), index.trim_end_matches(']').parse().ok()),
        None => (keys::place(segment), None),
    });
    let mut positions: Vec<_> = segments.collect();
    // A VASP may stand without the wrapping in a field of its own name.
    positions.dedup();
    positions
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::first_fault;

    fn paths(findings: Findings) -> Vec<String> {
        findings.into_sorted().into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn findings_come_in_document_order() {
        let mut findings = Findings::default();
        let root = Path::Base("payload.ivms101");
        let (originator, beneficiary) = (root.key("originator"), root.key("beneficiary"));
        let persons = originator.key("originatorPersons");
        findings.missing(&beneficiary);
        findings.missing(&originator.key("accountNumber"));
        findings.missing(&persons.item(10));
        findings.missing(&persons.item(9).key("naturalPerson"));
        findings.missing(&originator);
        assert_eq!(
            paths(findings),
            [
                "payload.ivms101.originator",
                "payload.ivms101.originator.originatorPersons[9].naturalPerson",
                "payload.ivms101.originator.originatorPersons[10]",
                "payload.ivms101.originator.accountNumber",
                "payload.ivms101.beneficiary",
            ]
        );
    }

    #[test]
    fn nothing_more_is_said_about_what_could_not_be_read() {
        let root = Path::Base("ivms101");
        let person = root.key("naturalPerson");
        let name = person.key("name");
        let mut findings = Findings::default();
        findings.error(&name, Rule::Shape, "An object is expected.");
        let mut rules = findings.fork();
        rules.missing(&name.key("nameIdentifier"));
        rules.missing(&person);
        rules.missing(&root.key("nameIdentifier"));
        findings.add_rules(rules);
        assert_eq!(paths(findings), ["ivms101.naturalPerson.name", "ivms101.nameIdentifier"]);
    }

    #[test]
    fn warnings_stop_nothing() {
        let mut findings = Findings::default();
        findings.warning(&Path::Base("ivms101"), Rule::UnknownField, "Unknown.");
        let checked = findings.check(1, &json!({}), "ivms101").unwrap();
        assert_eq!(checked.value, 1);
        assert_eq!(first_fault(&checked.warnings), None);
    }

    #[test]
    fn the_code_names_the_field_and_the_message_the_spelling() {
        let document = json!({"originator": {"originatorPerson": 7}});
        let mut findings = Findings::default();
        let path = Path::Base("payload.ivms101");
        let originator = path.key("originator");
        findings.error(&originator.key("originatorPersons"), Rule::Shape, "A list is expected.");
        findings.missing(&originator.key("accountNumber"));
        let found = findings.into_located(&document, "payload.ivms101");
        let [persons, account] = [&found[0], &found[1]].map(Finding::fault);
        assert_eq!(persons.code, "INVALID-ORIGINATOR-PERSONS");
        assert!(persons.message.starts_with("`payload.ivms101.originator.originatorPerson` "), "{persons}");
        assert_eq!(account.code, "MISSING-ACCOUNT-NUMBER");
        assert_eq!(account.message, "`payload.ivms101.originator.accountNumber` is required.");
    }
}
