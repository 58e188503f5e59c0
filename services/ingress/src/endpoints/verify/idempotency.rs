//! `Idempotency-Key`: a request that is sent again gets the answer of the first time, also when both arrive at once.
//!
//! Kept are the answers of accepted requests, in the transaction that accepts them. A refused request leaves nothing
//! behind, so it may be sent again under the same key.

use http::{HeaderMap, HeaderName, HeaderValue};
use waybill_domain::{Fault, Timestamp, codes};
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::{Store, StoreError, Tx};
use waybill_vault::Vault;

use crate::callers::Caller;
use crate::refused::Refused;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const ENDPOINT: &str = "POST /v1/verifications";

/// Kept answers that one request forgets when their time is over. One request adds one, so none are left behind.
const FORGET_AT_ONCE: u32 = 100;

/// A request that names itself.
pub(super) struct Repeatable {
    scope: String,
    key: String,
    /// Keyed digest of the body, byte for byte: the body itself holds personal data.
    pub(super) digest: String,
}

impl Repeatable {
    /// Reads the header; none when it is absent.
    pub(super) fn of(
        headers: &HeaderMap,
        caller: &Caller,
        body: &[u8],
        vault: &Vault,
    ) -> Result<Option<Self>, Fault> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() || !is_key(value) {
            return Err(invalid());
        }
        let key = value.to_str().map_err(|_| invalid())?.to_owned();
        let scope = format!("{} {ENDPOINT}", caller.name());
        Ok(Some(Self { scope, key, digest: vault.fingerprint(ENDPOINT, body) }))
    }

    /// Keeps the answer of a request that is being accepted, or gives what an earlier one got. Part of the transaction
    /// that accepts it.
    pub(super) async fn keep(
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
    pub(super) async fn kept(self, store: &Store) -> Result<Option<String>, Refused> {
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

/// Longest key, in characters.
pub(super) const MAX_LENGTH: usize = 255;

/// 1 to 255 printable ASCII characters.
fn is_key(value: &HeaderValue) -> bool {
    (1..=MAX_LENGTH).contains(&value.len()) && value.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~'))
}

pub(super) fn invalid() -> Fault {
    let why = "`Idempotency-Key` is invalid value. It has 1 to 255 printable ASCII characters.";
    Fault::new(400, "INVALID-IDEMPOTENCY-KEY", why)
}
