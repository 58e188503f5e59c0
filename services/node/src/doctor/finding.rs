//! What the doctor says about one thing.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing to do.
    Fine,
    /// The node works, and somebody should look.
    Warning,
    /// The node does not start, or does not do all of its work.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: `database`, `clock`.
    pub about: &'static str,
    pub verdict: Verdict,
    /// What was found.
    pub text: String,
    /// What to do; nothing when it is fine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// Everything found, in the order in which it was looked at.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    pub fn fine(&mut self, about: &'static str, text: impl Into<String>) {
        self.0.push(Finding { about, verdict: Verdict::Fine, text: text.into(), mend: None });
    }

    pub fn warning(&mut self, about: &'static str, text: impl Into<String>, mend: impl Into<String>) {
        self.add(about, Verdict::Warning, text, mend);
    }

    pub fn fault(&mut self, about: &'static str, text: impl Into<String>, mend: impl Into<String>) {
        self.add(about, Verdict::Fault, text, mend);
    }

    fn add(
        &mut self,
        about: &'static str,
        verdict: Verdict,
        text: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.0.push(Finding { about, verdict, text: text.into(), mend: Some(mend.into()) });
    }

    pub fn all(&self) -> &[Finding] {
        &self.0
    }

    /// How many are of this kind.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.0.iter().filter(|finding| finding.verdict == verdict).count()
    }

    /// The worst of all.
    pub fn worst(&self) -> Verdict {
        self.0.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Fine)
    }
}
