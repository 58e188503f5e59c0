//! Who is calling, once that is known.

use waybill_domain::{ApiKeyId, Fault, codes};

use super::{Scope, Scopes};

/// A caller who was let in. Handlers find it in the extensions.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The API key; none when the node has no keys and serves loopback only.
    key: Option<ApiKeyId>,
    scopes: Scopes,
}

impl Caller {
    /// Somebody on this machine, while there are no keys.
    pub(crate) fn anonymous() -> Self {
        Self { key: None, scopes: Scopes::all() }
    }

    /// The holder of a key.
    pub(crate) fn with_key(key: ApiKeyId, scopes: Scopes) -> Self {
        Self { key: Some(key), scopes }
    }

    /// The name in the audit log and in the scope of idempotency keys.
    pub(crate) fn name(&self) -> &str {
        self.key.as_ref().map_or("anonymous", |key| &key.0)
    }

    /// Whether no key says who it is.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.key.is_none()
    }

    /// Refuses what the caller has no scope for.
    pub(crate) fn must_have(&self, scope: Scope) -> Result<(), Fault> {
        if self.scopes.contains(scope) { Ok(()) } else { Err(codes::forbidden()) }
    }

    /// Whether the caller may see the personal data of verifications.
    pub(crate) fn sees_personal_data(&self) -> bool {
        self.scopes.contains(Scope::PersonalDataRead)
    }
}
