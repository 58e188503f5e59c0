//! `waybill ivms101 check`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waybill_domain::Clock as _;
use waybill_ivms101::{Document, Finding, Profile, Severity, check_json};
use waybill_runtime::SystemClock;

use super::input;

/// The document has errors.
const ERRORS: u8 = 1;
/// The document cannot be read.
const UNREADABLE: u8 = 2;

#[derive(Debug, Args)]
pub struct Check {
    /// The document, JSON; `-` for standard input
    file: PathBuf,
    /// By whose rules
    #[arg(long, value_name = "PROFILE", default_value = "verifyvasp")]
    profile: Rules,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rules {
    /// IVMS101 of May 2020
    #[value(name = "2020")]
    Ivms2020,
    /// IVMS101.2023
    #[value(name = "2023")]
    Ivms2023,
    /// What the private API requires: errors are what it refuses
    #[value(name = "verifyvasp")]
    VerifyVasp,
}

impl Check {
    pub fn run(self) -> ExitCode {
        let profile = self.profile.profile();
        let today = SystemClock.now().date_naive();
        let checked = input::bytes(&self.file).and_then(|json| Ok(check_json(&json, profile, today)?));
        match checked {
            Ok(document) => {
                let report =
                    if self.json { as_json(&document, profile) } else { as_text(&document, profile) };
                print!("{report}");
                if errors(&document) > 0 { ExitCode::from(ERRORS) } else { ExitCode::SUCCESS }
            }
            Err(error) => {
                eprintln!("waybill: {error:#}");
                ExitCode::from(UNREADABLE)
            }
        }
    }
}

impl Rules {
    const fn profile(self) -> Profile {
        match self {
            Self::Ivms2020 => Profile::Ivms2020,
            Self::Ivms2023 => Profile::Ivms2023,
            Self::VerifyVasp => Profile::VerifyVasp,
        }
    }
}

fn errors(document: &Document) -> usize {
    document.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

fn as_json(document: &Document, profile: Profile) -> String {
    let finding =
        |it: &Finding| json!({"severity": it.severity, "rule": it.rule, "path": it.path, "text": it.text});
    let errors = errors(document);
    let report = json!({
        "profile": profile,
        "errors": errors,
        "warnings": document.findings.len() - errors,
        "findings": document.findings.iter().map(finding).collect::<Vec<Value>>(),
    });
    format!("{report:#}\n")
}

/// Severity, rule and place in columns, and below them what it means: the sentences are too long for a column.
fn as_text(document: &Document, profile: Profile) -> String {
    let rule = document.findings.iter().map(|it| it.rule.as_str().len()).max().unwrap_or(0);
    let severity = Severity::Warning.as_str().len();
    let mut text = String::new();
    for it in &document.findings {
        let place = if it.path.is_empty() { "(the whole document)" } else { &it.path };
        text += &format!("{:<severity$}  {:<rule$}  {place}\n", it.severity.as_str(), it.rule.as_str());
        text += &format!("{:<severity$}  {:<rule$}  {}\n", "", "", it.text);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let errors = errors(document);
    let warnings = document.findings.len() - errors;
    text + &format!(
        "{}, {} by the rules of {}.\n",
        count(errors, "error"),
        count(warnings, "warning"),
        name(profile)
    )
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

const fn name(profile: Profile) -> &'static str {
    match profile {
        Profile::Ivms2020 => "IVMS101 (2020)",
        Profile::Ivms2023 => "IVMS101.2023",
        Profile::VerifyVasp => "the VerifyVASP profile",
    }
}
