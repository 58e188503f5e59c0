//! The API keys, kept for a moment so that a request does not cost a query.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use waybill_context::Context;
use waybill_crypto::{ApiToken, TokenHash};
use waybill_domain::{Fault, Timestamp, codes};
use waybill_store::StoreError;
use waybill_store::tables::api_keys::{self, ApiKeyRow};

use super::{Caller, Scopes};

/// How late a new or revoked key is noticed, at the most.
const MAX_AGE: Duration = Duration::from_secs(5);

/// What the table of API keys said when it was last read.
#[derive(Default)]
pub(crate) struct KeyCache {
    latest: RwLock<Option<Arc<Snapshot>>>,
    loading: Mutex<()>,
}

struct Snapshot {
    read_at: Timestamp,
    /// Whether a key was ever made. A node that had keys never serves callers without one, even if all are revoked.
    any: bool,
    keys: HashMap<String, KnownKey>,
}

struct KnownKey {
    hash: TokenHash,
    scopes: Scopes,
}

impl KeyCache {
    /// Finds out who presents `token`; `None` stands for a caller who presents none.
    ///
    /// # Errors
    /// `Ok(Err(UNAUTHORIZED))` for an absent, unknown or revoked key; [`StoreError`] when the keys cannot be read.
    pub(crate) async fn identify(
        &self,
        ctx: &Context,
        token: Option<&str>,
    ) -> Result<Result<Caller, Fault>, StoreError> {
        let keys = self.current(ctx).await?;
        if !keys.any && ctx.settings.ingress.bind.ip().is_loopback() {
            return Ok(Ok(Caller::anonymous()));
        }
        Ok(token.and_then(|token| keys.holder_of(token)).ok_or_else(codes::unauthorized))
    }

    async fn current(&self, ctx: &Context) -> Result<Arc<Snapshot>, StoreError> {
        if let Some(fresh) = self.fresh(ctx.clock.now()) {
            return Ok(fresh);
        }
        // One reads; the others wait for what it finds.
        let _loading = self.loading.lock().await;
        let now = ctx.clock.now();
        if let Some(fresh) = self.fresh(now) {
            return Ok(fresh);
        }
        let rows = ctx.store.read("load_api_keys", (), |tx, ()| Box::pin(api_keys::list(tx))).await?;
        let snapshot = Arc::new(Snapshot::of(rows, now));
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<Snapshot>> {
        let latest = self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        // A clock that was set back gives a negative age, which is no age to trust.
        let age = (now - latest.read_at).to_std().ok()?;
        (age < MAX_AGE).then_some(latest)
    }
}

impl Snapshot {
    fn of(rows: Vec<ApiKeyRow>, read_at: Timestamp) -> Self {
        let any = !rows.is_empty();
        let keys = rows.into_iter().filter(|row| row.revoked_at.is_none()).filter_map(known).collect();
        Self { read_at, any, keys }
    }

    fn holder_of(&self, token: &str) -> Option<Caller> {
        let token = ApiToken::parse(token).ok()?;
        let known = self.keys.get(&token.id().0)?;
        known.hash.matches(&token.hash()).then(|| Caller::with_key(token.id().clone(), known.scopes))
    }
}

fn known(row: ApiKeyRow) -> Option<(String, KnownKey)> {
    let Ok(hash) = row.secret_hash.parse() else {
        tracing::error!(api_key = %row.id, "the stored hash of an API key is unreadable; the key does not work");
        return None;
    };
    Some((row.id.0, KnownKey { hash, scopes: Scopes::known_of(&row.scopes) }))
}
