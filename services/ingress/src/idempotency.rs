//! `Idempotency-Key`: a request that is sent again gets the answer of the first time, also when both arrive at once.
//!
//! Kept are the answers of accepted requests, in the transaction that accepts them: here, or in the service that accepts
//! them. A refused request leaves nothing behind, so it may be sent again under the same key.

use http::{HeaderMap, HeaderName, HeaderValue};
use waybill_domain::{Fault, Timestamp, codes};
use waybill_jobs::KeepAnswer;
use waybill_openapi::Schema;
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::{Store, StoreError, Tx};
use waybill_vault::Vault;

use crate::callers::Caller;
use crate::refused::Refused;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Kept answers that one request forgets when their time is over. One request adds one, so none are left behind.
const FORGET_AT_ONCE: u32 = 100;

/// A request that names itself.
pub(crate) struct Repeatable {
    scope: String,
    key: String,
    /// Keyed digest of the body, byte for byte: the body itself holds personal data.
    pub(crate) digest: String,
}

impl Repeatable {
    /// Reads the header of a request to `endpoint`, such as `POST /v1/verifications`; none when it is absent.
    pub(crate) fn of(
        headers: &HeaderMap,
        caller: &Caller,
        endpoint: &'static str,
        body: &[u8],
        vault: &Vault,
    ) -> Result<Option<Self>, Fault> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() || !is_key(value) {
            return Err(invalid());
        }
        let key = value.to_str().map_err(|_| invalid())?.to_owned();
        let scope = format!("{} {endpoint}", caller.name());
        Ok(Some(Self { scope, key, digest: vault.fingerprint(endpoint, body) }))
    }

    /// Keeps the answer of a request that is being accepted, or gives what an earlier one got. Part of the transaction
    /// that accepts it.
    pub(crate) async fn keep(
        &self,
        tx: &mut Tx,
        answer: &KeptAnswer,
        at: Timestamp,
        forget_before: Timestamp,
    ) -> Result<Option<Result<String, Fault>>, StoreError> {
        idempotency::purge(tx, forget_before, FORGET_AT_ONCE).await?;
        if idempotency::insert(tx, &self.scope, &self.key, answer, at).await? {
            return Ok(None);
        }
        let earlier = idempotency::find(tx, &self.scope, &self.key).await?;
        Ok(earlier.map(|earlier| self.again(earlier)))
    }

    /// What an earlier request with this key got, for a request that would be refused now.
    ///
    /// # Errors
    /// `IDEMPOTENCY-KEY-REUSED` when that was another request.
    pub(crate) async fn kept(self, store: &Store) -> Result<Option<String>, Refused> {
        let scope_and_key = (self.scope.clone(), self.key.clone());
        let find = store.read("find_kept_answer", scope_and_key, |tx, (scope, key)| {
            Box::pin(idempotency::find(tx, scope, key))
        });
        let earlier: Option<KeptAnswer> = find.await?;
        Ok(earlier.map(|earlier| self.again(earlier)).transpose()?)
    }

    fn again(&self, earlier: KeptAnswer) -> Result<String, Fault> {
        if earlier.request_digest == self.digest {
            Ok(earlier.body)
        } else {
            Err(codes::idempotency_key_reused())
        }
    }
}

/// For the service that accepts the request.
impl From<Repeatable> for KeepAnswer {
    fn from(Repeatable { scope, key, digest }: Repeatable) -> Self {
        Self { scope, key, digest }
    }
}

/// Longest key, in characters.
const MAX_LENGTH: usize = 255;

/// 1 to 255 printable ASCII characters.
fn is_key(value: &HeaderValue) -> bool {
    (1..=MAX_LENGTH).contains(&value.len()) && value.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The header, for descriptions.
pub(crate) fn header() -> Schema {
    Schema::text(MAX_LENGTH)
        .pattern("^[ -~]+$")
        .about(
            "Makes the request safe to repeat: for `idempotency.keep` (24 h) the same body under the same key gets the same answer, \
             also when both arrive at once; another body gets `IDEMPOTENCY-KEY-REUSED`. Bodies are compared byte for byte. Each API \
             key has keys of its own. A refused request leaves nothing behind.",
        )
        .example("withdrawal-2026-000417")
}

pub(crate) fn invalid() -> Fault {
    let why = "`Idempotency-Key` is invalid value. It has 1 to 255 printable ASCII characters.";
    Fault::new(400, "INVALID-IDEMPOTENCY-KEY", why)
}
