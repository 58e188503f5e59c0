//! `waybill dead`: commands that were given up.

mod action;
mod print;

use anyhow::{Context as _, bail};
use waybill_bus::dead_letters::{
    DeadLetter, Redriven, drop_dead_letter, list_dead_letters, redrive, redrive_all, show_dead_letter,
};
use waybill_domain::{Clock as _, CommandId};
use waybill_runtime::SystemClock;
use waybill_store::Store;
use waybill_store::tables::commands::DeadFilter;

pub use self::action::DeadAction;
use self::action::Which;
use super::{load, open_store};
use crate::cli::SettingsSource;

/// So many refusals are told one by one.
const TOLD: usize = 20;

pub async fn run(action: DeadAction, source: SettingsSource) -> anyhow::Result<()> {
    let settings = load(&source, false)?.settings;
    let store = open_store(&settings).await?;
    let done = act(action, &store).await;
    store.close().await;
    done
}

async fn act(action: DeadAction, store: &Store) -> anyhow::Result<()> {
    match action {
        DeadAction::List { which, dropped, before, limit, json } => {
            let filter = DeadFilter { dropped, before: before.map(CommandId::new), ..filter(which) };
            // One more than is shown tells whether there is a next page.
            let mut letters: Vec<DeadLetter> = list_dead_letters(store, filter, limit + 1).await?;
            let more = letters.len() > limit as usize;
            letters.truncate(limit as usize);
            print::list(&letters, more, json)
        }
        DeadAction::Show { id, json } => {
            let details = show_dead_letter(store, CommandId::new(id), SystemClock.now()).await?;
            print::details(&details.with_context(|| format!("{id}: there is no such command"))?, json)
        }
        DeadAction::Redrive { ids, all: false, .. } => {
            one_by_one(&ids, async |id| {
                redrive(store, id, SystemClock.now()).await?;
                println!("{id}: will be handed out again by the running node within seconds");
                Ok(())
            })
            .await
        }
        DeadAction::Redrive { all: true, which, limit, .. } => {
            let done = redrive_all(store, filter(which), limit as usize, SystemClock.now()).await?;
            told(&done);
            Ok(())
        }
        DeadAction::Drop { ids, because } => {
            one_by_one(&ids, async |id| {
                drop_dead_letter(store, id, &because, SystemClock.now()).await?;
                println!("{id}: dropped");
                Ok(())
            })
            .await
        }
    }
}

fn filter(which: Which) -> DeadFilter {
    let Which { kind, older_than, younger_than, reason } = which;
    DeadFilter { kind, older_than, younger_than, reason, ..DeadFilter::default() }
}

/// Those that are refused do not keep the others from being done.
async fn one_by_one(ids: &[i64], act: impl AsyncFn(CommandId) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut refused = 0;
    for id in ids {
        if let Err(why) = act(CommandId::new(*id)).await {
            eprintln!("{id}: {why}");
            refused += 1;
        }
    }
    match refused {
        0 => Ok(()),
        some => bail!("{some} of {} left as they were", ids.len()),
    }
}

fn told(done: &Redriven) {
    println!("{} will be handed out again by the running node within seconds", done.redriven.len());
    for (id, why) in done.refused.iter().take(TOLD) {
        println!("{id}: left as it is: {why}");
    }
    if let Some(more) = done.refused.len().checked_sub(TOLD).filter(|more| *more > 0) {
        println!("{more} more are left as they are; waybill dead show ID says why");
    }
}
