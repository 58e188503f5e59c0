//! `waybill ivms101 convert`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use waybill_ivms101::write::{Conversion, LossReason, Target, convert};
use waybill_ivms101::{Dialect, Document, Severity};

use super::input;

/// Something is lost, and `--strict` was given.
const LOST: u8 = 1;
/// The document cannot be read.
const UNREADABLE: u8 = 2;

#[derive(Debug, Args)]
pub struct Convert {
    /// The document, JSON; `-` for standard input
    file: PathBuf,
    /// What to write
    #[arg(long, value_name = "DIALECT")]
    to: To,
    /// Exit with 1 when something is lost
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum To {
    /// IVMS101 of May 2020
    #[value(name = "2020")]
    Ivms2020,
    /// IVMS101.2023
    #[value(name = "2023")]
    Ivms2023,
    /// The profile that VerifyVASP members exchange
    #[value(name = "verifyvasp")]
    VerifyVasp,
}

impl Convert {
    pub fn run(self) -> ExitCode {
        match self.convert() {
            Ok(losses) if losses > 0 && self.strict => ExitCode::from(LOST),
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("waybill: {error:#}");
                ExitCode::from(UNREADABLE)
            }
        }
    }

    /// Gives the number of losses.
    fn convert(&self) -> anyhow::Result<usize> {
        let document = input::read(&self.file)?;
        let conversion = convert(&document.payload, self.to.target());
        let mut out = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &conversion.document)?;
        writeln!(out)?;
        let (report, losses) = report(&document, &conversion, self.to);
        eprint!("{report}");
        Ok(losses)
    }
}

impl To {
    const fn target(self) -> Target {
        match self {
            Self::Ivms2020 => Target::Ivms2020,
            Self::Ivms2023 => Target::Ivms2023,
            Self::VerifyVasp => Target::VerifyVasp,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Ivms2020 => "IVMS101 (2020)",
            Self::Ivms2023 => "IVMS101.2023",
            Self::VerifyVasp => "the VerifyVASP profile",
        }
    }
}

/// What there is to say, and how many things were lost.
fn report(document: &Document, conversion: &Conversion, to: To) -> (String, usize) {
    let mut lines = vec![format!("Read as {}.", dialect(document.dialect))];
    lines.extend(document.habits.iter().map(|habit| format!("  - {}", habit.text())));
    let line = |path: &str, text: &str| match path {
        "" => format!("  the document: {text}"),
        path => format!("  {path}: {text}"),
    };
    let (errors, warnings): (Vec<_>, Vec<_>) =
        document.findings.iter().partition(|finding| finding.severity == Severity::Error);
    let (left_out, kept): (Vec<_>, Vec<_>) =
        conversion.losses.iter().partition(|loss| loss.reason.is_left_out());
    let mut section = |title: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            lines.push(title.to_owned());
            lines.extend(entries);
        }
    };
    let losses = errors.len() + conversion.losses.len();
    section("Remarked:", warnings.iter().map(|it| line(&it.path, &it.text)).collect());
    section("Not understood, and left out:", errors.iter().map(|it| line(&it.path, &it.text)).collect());
    let of = |reason: LossReason| reason.text();
    section("Left out:", left_out.iter().map(|it| line(&it.path, of(it.reason))).collect());
    section("Kept, but not as it was:", kept.iter().map(|it| line(&it.path, of(it.reason))).collect());
    lines.push(match losses {
        0 => format!("Written as {}. Nothing is lost.", to.text()),
        1 => format!("Written as {}. 1 thing is lost or changed.", to.text()),
        many => format!("Written as {}. {many} things are lost or changed.", to.text()),
    });
    lines.push(String::new());
    (lines.join("\n"), losses)
}

const fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::VerifyVasp => "the VerifyVASP profile",
        Dialect::Ivms2020 => "IVMS101 (2020)",
        Dialect::Ivms2023 => "IVMS101.2023",
        Dialect::Mixed => "a mixture of IVMS101 (2020) and IVMS101.2023",
        Dialect::Unclear => "IVMS101; nothing in it tells which edition",
    }
}
