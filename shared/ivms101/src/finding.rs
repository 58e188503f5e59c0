//! What reading and validation have to say about a document.

use std::collections::HashSet;

use waybill_domain::{Fault, text_enum};

use crate::keys;
use crate::path::Path;

text_enum! {
    /// The rule that a finding is about. C-numbers are those of the standard.
    pub enum Rule {
        /// A mandatory field is absent. `null`, empty text and empty lists count as absent.
        Missing = "MISSING",
        /// The JSON type is wrong.
        Shape = "SHAPE",
        /// A text is too long, or a list has too many entries.
        Length = "LENGTH",
        /// A text holds control characters.
        Characters = "CHARACTERS",
        /// A value is not in its code list.
        CodeList = "CODE-LIST",
        /// A date is not a day of the calendar, written `YYYY-MM-DD`.
        Date = "DATE",
        /// A country is not an ISO 3166-1 alpha-2 code or `XX`.
        Country = "C3",
        /// A legal person has no name of type `LEGL`.
        LegalPersonName = "C5",
        /// A natural person has no name of type `LEGL`.
        NaturalPersonName = "C6",
        /// A party has more than one account number.
        AccountCount = "ACCOUNT-COUNT",
        /// A legal person is not the first of its party.
        PersonOrder = "PERSON-ORDER",
        /// An entry of a person list is not exactly one of natural and legal person.
        PersonKind = "PERSON-KIND",
        /// An object has fields that the model does not know; they are kept.
        UnknownField = "UNKNOWN-FIELD",
        /// A person has more than the profile passes on; the rest is left out.
        OutsideProfile = "OUTSIDE-PROFILE",
    }
}

text_enum! {
    /// Whether a finding stops the document.
    pub enum Severity {
        /// The document is refused.
        Error = "ERROR",
        /// The document is accepted.
        Warning = "WARNING",
    }
}

/// One remark. Holds no personal data: neither path nor text repeats a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Dotted path of the field, by its name in the VerifyVASP profile: `ivms101.beneficiary.accountNumber[0]`.
    pub path: String,
    /// The rule that was broken.
    pub rule: Rule,
    /// Whether it stops the document.
    pub severity: Severity,
    /// A sentence for people.
    pub text: &'static str,
}

impl Finding {
    /// The refusal that a caller sees for this finding.
    pub fn fault(&self) -> Fault {
        match self.rule {
            Rule::Missing => Fault::missing(&self.path),
            _ => Fault::invalid_because(&self.path, self.text),
        }
    }
}

/// The refusal for a list of findings: the first error. [`None`] when there are only warnings.
pub fn first_fault(findings: &[Finding]) -> Option<Fault> {
    findings.iter().find(|finding| finding.severity == Severity::Error).map(Finding::fault)
}

/// A document that may be used, with what was still remarked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked<T> {
    /// The document.
    pub value: T,
    /// Remarks that did not stop it, in document order.
    pub warnings: Vec<Finding>,
}

/// Collects findings.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn missing(&mut self, path: &Path<'_>) {
        self.error(path, Rule::Missing, "The field is mandatory.");
    }

    pub(crate) fn error(&mut self, path: &Path<'_>, rule: Rule, text: &'static str) {
        self.0.push(Finding { path: path.to_string(), rule, severity: Severity::Error, text });
    }

    pub(crate) fn warning(&mut self, path: &Path<'_>, rule: Rule, text: &'static str) {
        self.0.push(Finding { path: path.to_string(), rule, severity: Severity::Warning, text });
    }

    /// Adds what validation says, except about what could not be read, and about what holds it.
    pub(crate) fn add_rules(&mut self, rules: Findings) {
        let broken: HashSet<&str> = self.errors().map(|finding| finding.path.as_str()).collect();
        let holders: HashSet<&str> = broken.iter().copied().flat_map(with_holders).collect();
        let unread =
            |path: &str| holders.contains(path) || with_holders(path).any(|path| broken.contains(path));
        let news: Vec<Finding> = rules.0.into_iter().filter(|finding| !unread(&finding.path)).collect();
        self.0.extend(news);
    }

    /// All findings, in document order.
    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_cached_key(|finding| document_position(&finding.path));
        self.0
    }

    /// The document, unless an error stops it.
    pub(crate) fn check<T>(self, value: T) -> Result<Checked<T>, Vec<Finding>> {
        let stopped = self.errors().next().is_some();
        let findings = self.into_sorted();
        if stopped { Err(findings) } else { Ok(Checked { value, warnings: findings }) }
    }

    fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(|finding| finding.severity == Severity::Error)
    }
}

/// The path itself and every path above it.
fn with_holders(path: &str) -> impl Iterator<Item = &str> {
    let cuts = path.char_indices().filter(|(_, letter)| matches!(letter, '.' | '[')).map(|(at, _)| at);
    std::iter::once(path.len()).chain(cuts).map(|end| &path[..end])
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
    segments.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let paths: Vec<_> = findings.into_sorted().into_iter().map(|finding| finding.path).collect();
        assert_eq!(
            paths,
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
        let mut rules = Findings::default();
        rules.missing(&name.key("nameIdentifier"));
        rules.missing(&person);
        rules.missing(&root.key("nameIdentifier"));
        findings.add_rules(rules);
        let paths: Vec<_> = findings.into_sorted().into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["ivms101.naturalPerson.name", "ivms101.nameIdentifier"]);
    }

    #[test]
    fn warnings_stop_nothing() {
        let mut findings = Findings::default();
        findings.warning(&Path::Base("ivms101"), Rule::UnknownField, "Unknown.");
        let checked = findings.check(1).unwrap();
        assert_eq!(checked.value, 1);
        assert_eq!(first_fault(&checked.warnings), None);
    }

    #[test]
    fn faults_name_the_field() {
        let mut findings = Findings::default();
        findings.missing(&Path::Base("payload.ivms101").key("beneficiary").key("accountNumber"));
        let fault = first_fault(&findings.into_sorted()).unwrap();
        assert_eq!(fault.code, "MISSING-ACCOUNT-NUMBER");
        assert_eq!(fault.message, "`payload.ivms101.beneficiary.accountNumber` is required.");
    }
}
