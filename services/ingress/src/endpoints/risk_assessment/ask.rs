//! Asking the service of a vendor, within the time that the caller waits.

use std::time::Duration;

use serde::Serialize;
use waybill_context::Context;
use waybill_domain::{Fault, ScreeningVendor, VerificationUuid, codes};
use waybill_jobs::{Request, ScreeningAnswer};
use waybill_openapi::types::{self, EXAMPLE_REQUEST};
use waybill_openapi::{Answer as Answers, Schema, field};
use waybill_store::StoreError;
use waybill_store::tables::audit::{self, AuditEntry};

use crate::callers::Caller;

/// On top of the vendor's time: for what the service does before and after.
const ALLOWANCE: Duration = Duration::from_secs(1);

/// What KYT and World-Check answer: the result follows by callback.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    request_id: String,
}

impl From<ScreeningAnswer> for Answer {
    fn from(ScreeningAnswer { request_id }: ScreeningAnswer) -> Self {
        Self { request_id }
    }
}

/// Who wants what to be assessed by whom.
pub(super) struct Wanted<'a> {
    pub(super) vendor: ScreeningVendor,
    pub(super) verification: VerificationUuid,
    pub(super) caller: &'a Caller,
    /// How long the vendor itself may take.
    pub(super) vendor_timeout: Duration,
}

/// Asks, and notes in the audit who did: vendors want to be paid.
///
/// # Errors
/// The service's refusal; `REQUEST-TIMEOUT` in the words of the interface.
pub(super) async fn ask<Q>(ctx: &Context, wanted: Wanted<'_>, question: &Q) -> Result<ScreeningAnswer, Fault>
where
    Q: Request<Answer = ScreeningAnswer>,
{
    let deadline = (wanted.vendor_timeout + ALLOWANCE).min(ctx.settings.ingress.request_timeout);
    let answered = ctx.bus.ask(question, deadline).await.map_err(|fault| match fault.status {
        408 => codes::vendor_timeout(wanted.vendor_timeout.as_millis()),
        _ => fault,
    })?;
    note(ctx, &wanted, &answered.request_id).await;
    Ok(answered)
}

/// The assessment is on its way whatever happens here, so its answer is not held back.
async fn note(ctx: &Context, wanted: &Wanted<'_>, request_id: &str) {
    let entry = AuditEntry {
        at: ctx.clock.now(),
        event: "RISK-ASSESSMENT-REQUESTED",
        actor: wanted.caller.name().to_owned(),
        subject: Some(wanted.verification.to_string()),
        detail: serde_json::json!({ "vendor": wanted.vendor, "requestId": request_id }),
    };
    let noted = ctx.store.write("note_risk_assessment", entry, |tx, entry| {
        Box::pin(async move { audit::append(tx, entry).await })
    });
    let noted: Result<(), StoreError> = noted.await;
    if let Err(error) = noted {
        tracing::error!(%error, "who asked for a risk assessment is not in the audit");
    }
}

/// The description of [`Answer`].
pub(super) fn registered() -> Answers {
    let schema = Schema::object([field("requestId", types::request_id())]).named("RiskAssessmentRegistered");
    Answers::json("Stored. The result follows by callback.", schema)
        .example("registered", serde_json::json!({ "requestId": EXAMPLE_REQUEST }))
}

/// What every one of the three can be refused with.
pub(super) fn refusals(setting: &str) -> [Fault; 7] {
    [
        codes::not_found_verification(types::example_uuid()),
        codes::unsupported_risk_assessment("The verification has no result yet"),
        codes::bad_request("The vendor's own words"),
        codes::vendor_denied("AccessDenied"),
        codes::vendor_timeout(5000),
        codes::screening_not_configured(setting),
        codes::service_unavailable(),
    ]
}
