//! Goes through the steps, at the pace of whoever watches.

use std::time::Duration;

use tokio::time::Instant;
use waybill_runtime::Shutdown;

use super::screen::{Keys, NobodyReads, Role, Wish};
use super::stage::Stage;
use super::steps::{STEPS, Step};
use super::summary;

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walked {
    ToTheEnd,
    /// Somebody pressed `q`.
    Left,
    /// Ctrl-C, or a signal.
    Stopped,
}

/// Walks all steps and sums up.
pub async fn walk(stage: &mut Stage, shutdown: &Shutdown) -> anyhow::Result<Walked> {
    let mut times = Vec::new();
    let mut keys = if stage.screen.looks.asks { Some(Keys::listen()?) } else { None };
    for (at, step) in STEPS.iter().enumerate() {
        if let Some(keys) = &mut keys {
            match asked_for(stage, keys, *step, shutdown).await? {
                Wish::Next => {}
                Wish::Leave => return Ok(Walked::Left),
                Wish::Stop => return Ok(Walked::Stopped),
            }
        }
        match one(stage, at + 1, *step, shutdown).await? {
            Some(time) => times.push(time),
            None => return Ok(Walked::Stopped),
        }
    }
    summary::show(stage.screen, &times)?;
    Ok(Walked::ToTheEnd)
}

/// Walks one step and gives its time; `None` when it was cut short.
async fn one(
    stage: &mut Stage,
    number: usize,
    step: &dyn Step,
    shutdown: &Shutdown,
) -> anyhow::Result<Option<Duration>> {
    if shutdown.is_requested() {
        return Ok(None);
    }
    let of = STEPS.len();
    stage.screen.heading(number, of, step.title())?;
    stage.screen.paragraph(step.why())?;
    stage.next_step();
    let started = Instant::now();
    let walked = tokio::select! {
        biased; // what fails because everything stops is no broken promise
        () = shutdown.requested() => return Ok(None),
        walked = step.walk(stage) => walked,
    };
    match walked {
        Ok(()) => Ok(Some(started.elapsed())),
        Err(error) if error.is::<NobodyReads>() => Err(error),
        Err(error) => {
            Err(error
                .context(format!("step {number} of {of}, {:?} did not give what it promises", step.title())))
        }
    }
}

/// What the person wants now.
async fn asked_for(
    stage: &Stage,
    keys: &mut Keys,
    next: &dyn Step,
    shutdown: &Shutdown,
) -> anyhow::Result<Wish> {
    let key = |name| stage.screen.looks.paint(Role::Name, name);
    stage.screen.blank()?;
    stage.screen.over(&format!("  {} {}   {} quit ", key("Enter"), next.title(), key("q")))?;
    let wish = keys.wish(shutdown).await;
    stage.screen.erase()?;
    wish
}
