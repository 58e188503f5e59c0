//! `waybill callbacks`.

use std::sync::Arc;

use anyhow::Context as _;
use waybill_bus::{Bus, BusOptions};
use waybill_callback::{CallbackFilter, CallbackView, ReplayTarget, list, replay};
use waybill_domain::format_time;
use waybill_runtime::settings::Settings;
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_store::Store;
use waybill_store::tables::commands::CommandStatus;

use super::{load, open_store, table};
use crate::cli::{CallbacksAction, SettingsSource};

pub async fn run(action: CallbacksAction, source: SettingsSource) -> anyhow::Result<()> {
    let settings = load(&source, false)?.settings;
    let store = open_store(&settings).await?;
    let done = act(action, &settings, &store).await;
    store.close().await;
    done
}

async fn act(action: CallbacksAction, settings: &Settings, store: &Store) -> anyhow::Result<()> {
    match action {
        CallbacksAction::List { verification, dead, limit } => {
            let verification =
                verification.as_deref().map(str::parse).transpose().context("--verification")?;
            let status = dead.then_some(CommandStatus::Error);
            let callbacks = list(store, CallbackFilter { status, verification, limit }).await?;
            let rows: Vec<_> = callbacks.iter().map(row).collect();
            table::print(
                ["id", "type", "verification", "status", "attempts", "last attempt", "next or end"],
                &rows,
            );
        }
        CallbacksAction::Replay { ids } => {
            let bus = Bus::embedded(
                store.clone(),
                BusOptions::default(),
                Arc::new(SystemClock),
                Arc::new(SystemEntropy),
            );
            for id in ids {
                let target = target(&id)?;
                let added = replay(store, &bus, settings.callback.order_hold, target)
                    .await
                    .with_context(|| format!("{id} is not delivered again"))?;
                println!(
                    "{id}: {} callback(s) will be delivered by the running node within seconds",
                    added.len()
                );
            }
        }
    }
    Ok(())
}

/// The id of a callback, or the uuid of a verification.
fn target(text: &str) -> anyhow::Result<ReplayTarget> {
    if let Ok(id) = text.parse() {
        return Ok(ReplayTarget::Callback(id));
    }
    let uuid = text
        .parse()
        .ok()
        .with_context(|| format!("{text} is neither a callback's id nor a verification's"))?;
    Ok(ReplayTarget::Verification(uuid))
}

fn row(callback: &CallbackView) -> [String; 7] {
    let last = callback.last.as_ref().map(|last| {
        let order = if last.out_of_order { ", out of order" } else { "" };
        format!("{}{order}", last.outcome)
    });
    [
        callback.id.to_string(),
        callback.callback_type.as_str().to_owned(),
        callback.verification.to_string(),
        callback.status.as_str().to_owned(),
        callback.attempts.to_string(),
        last.unwrap_or_else(|| "none yet".to_owned()),
        format_time(callback.finished_at.unwrap_or(callback.due_at)),
    ]
}
