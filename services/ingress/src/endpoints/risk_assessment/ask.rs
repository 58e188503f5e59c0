//! Asking the service of a vendor, within the time that the caller waits.

use std::time::Duration;

use serde::Serialize;
use waybill_context::Context;
use waybill_domain::{Fault, codes};
use waybill_jobs::{Request, ScreeningAnswer};
use waybill_openapi::types::{self, EXAMPLE_REQUEST};
use waybill_openapi::{Answer as Answers, Schema, field};

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

/// Asks; `vendor_timeout` is how long the vendor itself may take.
///
/// # Errors
/// The service's refusal; `REQUEST-TIMEOUT` in the words of the interface.
pub(super) async fn ask<Q>(
    ctx: &Context,
    question: &Q,
    vendor_timeout: Duration,
) -> Result<ScreeningAnswer, Fault>
where
    Q: Request<Answer = ScreeningAnswer>,
{
    let deadline = (vendor_timeout + ALLOWANCE).min(ctx.settings.ingress.request_timeout);
    let answered = ctx.bus.ask(question, deadline).await;
    answered.map_err(|fault| match fault.status {
        408 => codes::vendor_timeout(vendor_timeout.as_millis()),
        _ => fault,
    })
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
