//! What reading and validation have to say about a document.

use std::borrow::Cow;

use waybill_domain::Fault;

pub use crate::rule::{Rule, Severity};

/// One remark. Holds no personal data: neither path nor text repeats a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it is, as the document spells it: `ivms101.beneficiary.accountNumber[0]`. For a field that is absent,
    /// where it should be.
    pub path: String,
    /// The same by the names of the VerifyVASP profile, whatever dialect the document is in.
    pub field: String,
    /// The rule that was broken.
    pub rule: Rule,
    /// Whether it stops the document.
    pub severity: Severity,
    /// A sentence for people.
    pub text: Cow<'static, str>,
}

impl Finding {
    /// The refusal that a caller sees for this finding: the code names the field as the catalogue does, the message as
    /// the document spells it.
    pub fn fault(&self) -> Fault {
        let make = |path: &str| match self.rule {
            Rule::Missing => Fault::missing(path),
            _ => Fault::invalid_because(path, &self.text),
        };
        Fault { code: make(&self.field).code, ..make(&self.path) }
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
