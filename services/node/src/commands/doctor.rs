//! `waybill doctor`.

use anyhow::bail;
use clap::Args;

use crate::cli::SettingsSource;
use crate::doctor::{Findings, Verdict, examine, examine_settings, print};

#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// Print the findings as JSON
    #[arg(long)]
    pub json: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub source: SettingsSource,
}

/// An error when something must be mended, after everything was printed.
pub async fn run(options: DoctorOptions) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    if let Some(settings) = examine_settings(&options.source, &mut findings) {
        examine(settings, &mut findings).await?;
    }
    print(&findings, options.json)?;
    match findings.worst() {
        Verdict::Fault => bail!("the node needs mending"),
        Verdict::Warning if options.strict => bail!("the node needs a look"),
        Verdict::Warning | Verdict::Fine => Ok(()),
    }
}
