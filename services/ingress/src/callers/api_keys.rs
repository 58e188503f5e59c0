//! Making, listing and revoking API keys, for the command line. A running node notices within seconds.

use waybill_crypto::ApiToken;
use waybill_domain::{ApiKeyId, Clock, Entropy, Timestamp, limits};
use waybill_store::tables::api_keys::{self, ApiKeyRow};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::{Store, StoreError};

use super::Scopes;

/// Longest name of a key, in characters.
const NAME: usize = 128;

/// A key that was not made.
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// The name is empty, too long, or holds control characters.
    #[error("the name of an API key has 1 to {NAME} characters and no control characters")]
    Name,
    /// A key without a scope could do nothing.
    #[error("an API key needs at least one scope")]
    Scopes,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a key. What is returned is shown once: only its hash is stored.
///
/// # Errors
/// [`ApiKeyError`].
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    name: &str,
    scopes: Scopes,
) -> Result<ApiToken, ApiKeyError> {
    if !limits::fits(name, NAME) {
        return Err(ApiKeyError::Name);
    }
    if scopes.is_empty() {
        return Err(ApiKeyError::Scopes);
    }
    let token = ApiToken::generate(entropy);
    let row = ApiKeyRow {
        id: token.id().clone(),
        name: name.to_owned(),
        secret_hash: token.hash().to_string(),
        scopes: scopes.to_string(),
        created_at: clock.now(),
        revoked_at: None,
    };
    let entry =
        audit_entry("API-KEY-CREATED", &row.id, row.created_at, serde_json::json!({ "scopes": row.scopes }));
    store
        .write("create_api_key", (row, entry), |tx, (row, entry)| {
            Box::pin(async move {
                api_keys::insert(tx, row).await?;
                audit::append(tx, entry).await
            })
        })
        .await?;
    Ok(token)
}

/// All keys, revoked ones included, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(store: &Store) -> Result<Vec<ApiKeyRow>, StoreError> {
    store.read("list_api_keys", (), |tx, ()| Box::pin(api_keys::list(tx))).await
}

/// Revokes a key; false when no key that still works has this id.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke(store: &Store, clock: &dyn Clock, id: &ApiKeyId) -> Result<bool, StoreError> {
    let at = clock.now();
    let entry = audit_entry("API-KEY-REVOKED", id, at, serde_json::json!({}));
    store
        .write("revoke_api_key", (id.clone(), at, entry), |tx, (id, at, entry)| {
            Box::pin(async move {
                let revoked = api_keys::revoke(tx, id, *at).await?;
                if revoked {
                    audit::append(tx, entry).await?;
                }
                Ok(revoked)
            })
        })
        .await
}

fn audit_entry(event: &'static str, id: &ApiKeyId, at: Timestamp, detail: serde_json::Value) -> AuditEntry {
    AuditEntry { at, event, actor: "operator".to_owned(), subject: Some(id.0.clone()), detail }
}
