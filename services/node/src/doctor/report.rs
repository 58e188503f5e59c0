//! The findings on a terminal or for a program.

use std::io::{Write as _, stdout};

use super::finding::{Finding, Findings, Verdict};

/// Prints every finding to standard output.
///
/// # Errors
/// When nobody reads it: an error to report, where `println!` would panic.
pub fn print(findings: &Findings, json: bool) -> std::io::Result<()> {
    match json {
        true => writeln!(stdout(), "{:#}", serde_json::json!(findings.all())),
        false => write!(stdout(), "{}", for_people(findings)),
    }
}

fn for_people(findings: &Findings) -> String {
    let mut text: String = findings.all().iter().map(paragraph).collect();
    text.push('\n');
    text.push_str(&summary(findings));
    text
}

fn paragraph(finding: &Finding) -> String {
    let mark = match finding.verdict {
        Verdict::Fine => "ok",
        Verdict::Warning => "WARNING",
        Verdict::Fault => "FAULT",
    };
    let mend = finding.mend.as_deref().map(|mend| format!("{:20}→ {mend}\n", "")).unwrap_or_default();
    format!("{mark:<8} {:<10} {}\n{mend}", finding.about, finding.text)
}

fn summary(findings: &Findings) -> String {
    let number = |verdict, one: &str, many: &str| match findings.count(verdict) {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let bad = [number(Verdict::Fault, "fault", "faults"), number(Verdict::Warning, "warning", "warnings")];
    let bad: Vec<String> = bad.into_iter().flatten().collect();
    match bad.is_empty() {
        true => "Everything is fine.\n".to_owned(),
        false => format!("{}.\n", bad.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_finding_has_its_line_and_its_remedy() {
        let mut findings = Findings::default();
        findings.fine("settings", "12 are set");
        findings.warning("disk", "900 MB are free", "make room");
        findings.fault("database", "it does not open", "look whether it runs");
        findings.fault("directory", "it is expired", "ask the operator");
        assert_eq!(
            for_people(&findings),
            "ok       settings   12 are set\n\
             WARNING  disk       900 MB are free\n                    → make room\n\
             FAULT    database   it does not open\n                    → look whether it runs\n\
             FAULT    directory  it is expired\n                    → ask the operator\n\
             \n2 faults, 1 warning.\n"
        );
    }

    #[test]
    fn nothing_wrong_is_said_too() {
        let mut findings = Findings::default();
        findings.fine("settings", "none is set");
        assert!(for_people(&findings).ends_with("\n\nEverything is fine.\n"));
    }
}
