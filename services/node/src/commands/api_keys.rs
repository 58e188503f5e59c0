//! `waybill api-keys`.

use anyhow::bail;
use waybill_domain::{ApiKeyId, format_time};
use waybill_ingress::{Scopes, api_keys};
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_store::Store;

use super::{load, open_store, table};
use crate::cli::{ApiKeysAction, SettingsSource};

pub async fn run(action: ApiKeysAction, source: SettingsSource) -> anyhow::Result<()> {
    let settings = load(&source, false)?.settings;
    let store = open_store(&settings).await?;
    let done = act(action, &store).await;
    store.close().await;
    done
}

async fn act(action: ApiKeysAction, store: &Store) -> anyhow::Result<()> {
    match action {
        ApiKeysAction::Create { name, scopes } => {
            let scopes = if scopes.is_empty() { Scopes::all() } else { scopes.join(",").parse()? };
            let token = api_keys::create(store, &SystemClock, &SystemEntropy, &name, scopes).await?;
            println!("{}", token.expose());
            eprintln!("This is the only time the key is shown. It may: {scopes}");
        }
        ApiKeysAction::List => {
            let rows: Vec<_> = api_keys::list(store)
                .await?
                .into_iter()
                .map(|key| {
                    let revoked = key.revoked_at.map(format_time).unwrap_or_default();
                    [key.id.0, key.name, key.scopes, format_time(key.created_at), revoked]
                })
                .collect();
            table::print(["id", "name", "scopes", "created", "revoked"], &rows);
        }
        ApiKeysAction::Revoke { id } => {
            if !api_keys::revoke(store, &SystemClock, &ApiKeyId(id)).await? {
                bail!("there is no such key that still works; see `waybill api-keys list`");
            }
            println!("Revoked. A running node notices within seconds.");
        }
    }
    Ok(())
}
