//! The answer of a request that is sent again under the same `Idempotency-Key`.

use waybill_context::Context;
use waybill_domain::{Fault, codes};
use waybill_jobs::{KeepAnswer, ScreeningAnswer};
use waybill_store::StoreError;
use waybill_store::tables::idempotency::{self, KeptAnswer};

/// What an earlier request with this key got.
///
/// # Errors
/// `IDEMPOTENCY-KEY-REUSED` when that was another request.
pub(super) async fn earlier(
    ctx: &Context,
    repeatable: &KeepAnswer,
) -> Result<Option<Result<ScreeningAnswer, Fault>>, StoreError> {
    let key = (repeatable.scope.clone(), repeatable.key.clone());
    let find = ctx
        .store
        .read("wco::find_kept_answer", key, |tx, (scope, key)| Box::pin(idempotency::find(tx, scope, key)));
    Ok(find.await?.map(|kept| again(repeatable, &kept)))
}

pub(super) fn again(repeatable: &KeepAnswer, kept: &KeptAnswer) -> Result<ScreeningAnswer, Fault> {
    if kept.request_digest != repeatable.digest {
        return Err(codes::idempotency_key_reused());
    }
    serde_json::from_str(&kept.body).map_err(|_| codes::internal_error())
}
