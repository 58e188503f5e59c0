//! The end: what was walked, how long it took, what to try next.

use std::time::Duration;

use super::screen::{Role, Screen, millis};
use super::steps::STEPS;

/// Shows the time of each step, and how to go on.
pub fn show(screen: Screen, times: &[Duration]) -> anyhow::Result<()> {
    screen.blank()?;
    screen.line(&screen.looks.paint(Role::Heading, "The whole withdrawal"))?;
    screen.blank()?;
    let longest = STEPS.iter().map(|step| step.title().chars().count()).max().unwrap_or_default();
    for (at, (step, time)) in STEPS.iter().zip(times).enumerate() {
        let number = format!("{:>4}. ", at + 1);
        let time = format!("{:>9}", millis(*time));
        screen.line(&format!(
            "{number}{:longest$} {}",
            step.title(),
            screen.looks.paint(Role::Aside, &time)
        ))?;
    }
    let total: Duration = times.iter().sum();
    screen.blank()?;
    screen.check(&format!("{} steps in {}, and each gave what it promised.", times.len(), millis(total)))?;
    screen.label("What to try next", "")?;
    for (where_to, what) in [
        ("waybill dev", "the same two VASPs for requests of your own"),
        ("README.md", "such requests for curl"),
        ("docs/SANDBOX.md", "inputs for each denial, slow and broken backends"),
        ("docs/ARCHITECTURE.md", "what happened inside, one transaction at a time"),
    ] {
        screen.line(&format!("    {where_to:<22}{what}"))?;
    }
    Ok(())
}
