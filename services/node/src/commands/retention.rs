//! `waybill retention`.

use std::sync::Arc;

use anyhow::bail;
use clap::Subcommand;
use waybill_domain::format_time;
use waybill_retention::{Preview, Retention, Sweep, Tally, preview};
use waybill_runtime::SystemClock;

use super::generate::random_text;
use super::{load, open_store};
use crate::cli::SettingsSource;

#[derive(Debug, Subcommand)]
pub enum RetentionAction {
    /// Say which verifications the next run would delete, and delete nothing
    Preview,
    /// Delete now what is old enough, without waiting for the hour; nodes may be running
    Run,
}

pub async fn run(action: RetentionAction, source: SettingsSource) -> anyhow::Result<()> {
    let settings = load(&source, false)?.settings;
    let store = open_store(&settings).await?;
    let retention = waybill_retention::of(&settings, store.clone(), Arc::new(SystemClock), random_text());
    let done = match action {
        RetentionAction::Preview => show(&retention).await,
        RetentionAction::Run => delete(&retention).await,
    };
    store.close().await;
    done
}

async fn show(retention: &Retention) -> anyhow::Result<()> {
    let Some(Preview { before, count }) = preview(retention).await? else {
        println!("verification.retention_days is not set: verifications are kept for ever.");
        return Ok(());
    };
    println!("Verifications accepted before {} are old enough:", format_time(before));
    println!(
        "  {} will be deleted, with their commands, callbacks, keys and risk assessments",
        count.deletable
    );
    println!("  {} are kept: they wait for an answer, or their deadline is still to come", count.open);
    println!(
        "  {} are kept: a callback, report or risk assessment about them is not finished",
        count.unfinished
    );
    Ok(())
}

async fn delete(retention: &Retention) -> anyhow::Result<()> {
    loop {
        match retention.sweep(true).await? {
            Sweep::Done(deleted) => {
                print(&deleted);
                return Ok(());
            }
            Sweep::Stopped(deleted) => print(&deleted),
            Sweep::Busy => bail!("a node is deleting at this moment; its audit entry will say what"),
            Sweep::NotDue { .. } => bail!("no run was due"), // not when it is asked for
        }
    }
}

fn print(deleted: &Tally) {
    if deleted.is_empty() {
        println!("Nothing is old enough.");
    } else {
        println!("Deleted rows by table: {}", deleted.to_json());
    }
}
