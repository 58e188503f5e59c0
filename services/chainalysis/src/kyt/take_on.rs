//! Taking a risk assessment on: its row, and the answer that may be asked for again, in one transaction.

use std::time::Duration;

use serde_json::json;
use waybill_bus::Claim;
use waybill_context::Context;
use waybill_domain::{Fault, ScreeningOrigin, VerificationUuid, codes};
use waybill_jobs::KeepAnswer;
use waybill_runtime::Traceparent;
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::tables::kyt_results::{self, KytRow, NewKyt};
use waybill_store::{StoreError, Tx};

use super::subject::Subject;

/// Kept answers that one request forgets when their time is over.
const FORGET_AT_ONCE: u32 = 100;

/// What is to be written.
#[derive(Clone)]
pub(super) struct Intent {
    pub new: NewKyt,
    /// How old a registration may be that is used in place of a new one.
    pub reuse: Duration,
    /// How long answers are kept.
    pub keep_for: Duration,
    pub repeatable: Option<KeepAnswer>,
    /// The command that wants it: finished with it.
    pub claim: Option<Claim>,
}

/// What became of it.
pub(super) enum TakenOn {
    /// There is a row, and the vendor is to be asked.
    New(Box<KytRow>),
    /// There is a row, and the vendor was asked before.
    Shared,
    /// The same was asked for before: this is what was answered then.
    Earlier(Result<String, Fault>),
}

/// Who wants what.
pub(super) struct Wanted {
    pub request_id: String,
    pub verification_uuid: VerificationUuid,
    pub subject: Subject,
    pub origin: ScreeningOrigin,
    pub key_id: String,
    /// Who asks the vendor at once, and for how long nobody else does; none: a poller does.
    pub lease: Option<(String, Duration)>,
}

/// The row for what is wanted.
pub(super) fn new_row(ctx: &Context, wanted: Wanted) -> NewKyt {
    let (now, subject) = (ctx.clock.now(), wanted.subject);
    let is_attempt = subject.transfer_ref.is_none();
    NewKyt {
        request_id: wanted.request_id,
        verification_uuid: wanted.verification_uuid,
        counterparty_vasp_id: subject.counterparty,
        api_type: subject.api_type,
        user_id: subject.counterparty.to_string(),
        direction: subject.direction,
        network: Some(subject.network),
        asset: subject.asset,
        amount: subject.amount,
        transfer_ref: subject.transfer_ref,
        output_address: Some(subject.address.clone()),
        address: subject.address,
        timestamp: is_attempt.then_some(now),
        key_id: Some(wanted.key_id),
        origin: wanted.origin,
        external_id: None,
        registered_at: None,
        shares_request: None,
        traceparent: Traceparent::current().map(|trace| trace.to_string()),
        created_at: now,
        lease: wanted.lease,
    }
}

/// Writes the row, unless the same was asked for before. Where the vendor was lately asked the same, its registration is
/// used: each is paid for.
pub(super) async fn take_on(tx: &mut Tx, intent: &Intent) -> Result<TakenOn, StoreError> {
    if let Some(earlier) = keep(tx, intent).await? {
        return Ok(TakenOn::Earlier(earlier));
    }
    if let Some(claim) = &intent.claim {
        claim.finish(tx).await?;
    }
    let mut new = intent.new.clone();
    let twin = twin(tx, &new, intent.reuse).await?;
    let shares = twin.is_some();
    if let Some(twin) = twin {
        new.external_id = twin.external_id;
        new.network = twin.network;
        new.registered_at = Some(new.created_at);
        new.shares_request = Some(twin.request_id);
        new.lease = None;
    }
    kyt_results::insert(tx, &new).await?;
    if shares {
        return Ok(TakenOn::Shared);
    }
    let row = kyt_results::find(tx, &new.request_id).await?;
    Ok(TakenOn::New(Box::new(row.ok_or(StoreError::GuardLost("request_id"))?)))
}

/// A registration of the same with the same key.
pub(super) async fn twin(tx: &mut Tx, new: &NewKyt, reuse: Duration) -> Result<Option<KytRow>, StoreError> {
    if reuse.is_zero() {
        return Ok(None);
    }
    let twin = kyt_results::sharable(tx, new, new.created_at - reuse).await?;
    Ok(twin.filter(|twin| twin.external_id.is_some() && twin.key_id == new.key_id))
}

/// Keeps the answer; gives what an earlier request under the same key was answered.
async fn keep(tx: &mut Tx, intent: &Intent) -> Result<Option<Result<String, Fault>>, StoreError> {
    let Some(keep) = &intent.repeatable else { return Ok(None) };
    let at = intent.new.created_at;
    idempotency::purge(tx, at - intent.keep_for, FORGET_AT_ONCE).await?;
    let body = json!({"requestId": intent.new.request_id}).to_string();
    let answer = KeptAnswer { request_digest: keep.digest.clone(), status: 200, body };
    if idempotency::insert(tx, &keep.scope, &keep.key, &answer, at).await? {
        return Ok(None);
    }
    let earlier = idempotency::find(tx, &keep.scope, &keep.key).await?;
    Ok(earlier.map(|earlier| {
        if earlier.request_digest == keep.digest {
            request_id(&earlier.body).ok_or_else(codes::internal_error)
        } else {
            Err(codes::idempotency_key_reused())
        }
    }))
}

fn request_id(body: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    body["requestId"].as_str().map(str::to_owned)
}
