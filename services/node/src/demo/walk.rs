//! Goes through the steps, at the pace of whoever watches.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::Instant;
use waybill_runtime::Shutdown;

use super::screen::{Keys, Role, Wish};
use super::stage::Stage;
use super::steps::{STEPS, Step};
use super::summary;

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walked {
    ToTheEnd,
    /// Somebody pressed `q`.
    Left,
}

/// Walks all steps and sums up.
pub async fn walk(stage: &mut Stage, shutdown: &Shutdown) -> anyhow::Result<Walked> {
    let mut times = Vec::new();
    let mut keys = if stage.screen.looks.asks { Some(Keys::listen()?) } else { None };
    for (at, step) in STEPS.iter().enumerate() {
        if let Some(keys) = &mut keys
            && !goes_on(stage, keys, *step, shutdown).await?
        {
            return Ok(Walked::Left);
        }
        times.push(one(stage, at + 1, *step, shutdown).await?);
    }
    summary::show(stage.screen, &times)?;
    Ok(Walked::ToTheEnd)
}

async fn one(
    stage: &mut Stage,
    number: usize,
    step: &dyn Step,
    shutdown: &Shutdown,
) -> anyhow::Result<Duration> {
    let of = STEPS.len();
    stage.screen.heading(number, of, step.title())?;
    stage.screen.paragraph(step.why())?;
    stage.next_step();
    let started = Instant::now();
    let place = || format!("step {number} of {of}, {:?}", step.title());
    tokio::select! {
        walked = step.walk(stage) => {
            walked.with_context(|| format!("{} did not give what it promises", place()))?;
        }
        () = shutdown.requested() => bail!("stopped in {}", place()),
    }
    Ok(started.elapsed())
}

/// Asks for a key.
async fn goes_on(
    stage: &Stage,
    keys: &mut Keys,
    next: &dyn Step,
    shutdown: &Shutdown,
) -> anyhow::Result<bool> {
    let key = |name| stage.screen.looks.paint(Role::Name, name);
    stage.screen.blank()?;
    stage.screen.over(&format!("  {} {}   {} quit ", key("Enter"), next.title(), key("q")))?;
    let wish = keys.wish(shutdown).await;
    stage.screen.erase()?;
    match wish? {
        Wish::Next => Ok(true),
        Wish::Leave => Ok(false),
        Wish::Stop => bail!("stopped before {:?}", next.title()),
    }
}
