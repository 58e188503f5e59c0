//! Keeps the ring of a running node current, and tells the other nodes about it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use waybill_crypto::Keyring;
use waybill_runtime::Shutdown;
use waybill_store::{Store, StoreError};
use waybill_vault::Vault;

use super::announce::{Announcer, Farewell};
use super::retired::{self, without_retired};
use super::{AtRest, AtRestError};

/// An alarm that lasts is repeated so often.
const REPEAT_ALARM: Duration = Duration::from_secs(60);

/// The work of a running node.
pub struct Watch {
    store: Store,
    vault: Vault,
    at_rest: AtRest,
    changed: Arc<Notify>,
    /// As `changed`, for the announcer.
    news: Arc<Notify>,
    alarm: Option<(String, Instant)>,
    /// Keys that left the source without being retired.
    kept: Vec<String>,
}

impl Watch {
    /// Watches the source of `vault`'s ring. `changed` is told when the ring is another one.
    pub fn new(store: Store, vault: Vault, at_rest: AtRest, changed: Arc<Notify>) -> Self {
        Self { store, vault, at_rest, changed, news: Arc::default(), alarm: None, kept: Vec::new() }
    }

    /// What is to be said when the node has stopped.
    pub fn farewell(&self) -> Farewell {
        Farewell { store: self.store.clone(), node_id: self.at_rest.node.id() }
    }

    /// Looks at once and then again every `poll`, and tells the other nodes, until the shutdown is requested.
    pub async fn run(mut self, poll: Duration, shutdown: Shutdown) {
        let announcer = Announcer {
            store: self.store.clone(),
            vault: self.vault.clone(),
            node: self.at_rest.node.clone(),
            news: Arc::clone(&self.news),
            told: Arc::clone(&self.changed),
        };
        let look = async {
            loop {
                let looked = self.look().await;
                self.tell(looked.err());
                tokio::time::sleep(poll).await;
            }
        };
        tokio::select! {
            () = look => {}
            () = announcer.work() => {}
            () = shutdown.requested() => {}
        }
    }

    /// Looks at the source once, and takes what it holds when that is good.
    ///
    /// # Errors
    /// [`AtRestError`]; the ring is as it was.
    pub async fn look(&mut self) -> Result<(), AtRestError> {
        if !self.at_rest.source.may_change() {
            return Ok(());
        }
        if !self.kept.is_empty() {
            self.let_go_of_retired().await?;
        }
        let Some(offered) = self.at_rest.source.changed().await? else { return Ok(()) };
        let current = self.vault.keyring();
        if let Some(name) = offered.keyring.conflict_with(&current) {
            return Err(AtRestError::Changed(name.to_owned()));
        }
        retired::check(&self.store, &offered.keyring).await?;
        let kept = without_retired(&self.store, gone(&current, &offered.keyring)).await?;
        let keyring = self.at_rest.source.take(offered);
        self.put(keyring.with_keys_of(&current, &kept));
        self.kept = kept;
        Ok(())
    }

    /// Keys that the source lacks stay in the ring until `waybill keys retire` says that nobody needs them: the file may
    /// be half copied.
    async fn let_go_of_retired(&mut self) -> Result<(), StoreError> {
        let still = without_retired(&self.store, self.kept.clone()).await?;
        if still.len() < self.kept.len() {
            let current = self.vault.keyring();
            let names: Vec<String> = current
                .names()
                .filter(|name| {
                    still.iter().any(|kept| kept == name) || self.kept.iter().all(|kept| kept != name)
                })
                .map(str::to_owned)
                .collect();
            if let Some(keyring) = current.only(&names) {
                self.put(keyring);
            }
            self.kept = still;
        }
        Ok(())
    }

    fn put(&self, keyring: Keyring) {
        let names: Vec<&str> = keyring.names().collect();
        tracing::info!(sealing = keyring.sealing_key_name(), ?names, "the keyring has changed");
        self.vault.replace_keyring(Arc::new(keyring));
        self.changed.notify_one();
        self.news.notify_one();
    }

    /// Alarms when something is wrong, at first and then once a minute.
    fn tell(&mut self, error: Option<AtRestError>) {
        let wrong = match error {
            Some(error) => Some(error.to_string()),
            None if self.kept.is_empty() => None,
            None => Some(format!("{:?} left the file without being retired", self.kept)),
        };
        let Some(wrong) = wrong else {
            if self.alarm.take().is_some() {
                tracing::info!("the keyring is in order again");
            }
            return;
        };
        let told =
            self.alarm.as_ref().is_some_and(|(told, at)| *told == wrong && at.elapsed() < REPEAT_ALARM);
        if !told {
            tracing::error!(alarm = "keyring", why = wrong, "the keys that are known go on being used");
            self.alarm = Some((wrong, Instant::now()));
        }
    }
}

/// The keys of a ring that another one lacks.
fn gone(from: &Keyring, to: &Keyring) -> Vec<String> {
    from.names().filter(|name| to.names().all(|there| there != *name)).map(str::to_owned).collect()
}
