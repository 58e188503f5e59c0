//! `POST /v1/risk-assessment/chainalysis-kyt`: what is known of the counterparty's address, or of the transaction? The result
//! follows by callback.

mod describe;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::extract::{Extension, State};
use http::HeaderMap;
use waybill_domain::limits;
use waybill_jobs::RegisterKyt;

use super::ask::{Answer, ask};
use crate::callers::Caller;
use crate::idempotency::Repeatable;
use crate::ingress::SharedIngress;
use crate::reading::{Fields, JsonBody};
use crate::refused::Refused;

pub(crate) use describe::operation;

const ENDPOINT: &str = "POST /v1/risk-assessment/chainalysis-kyt";

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let repeatable = Repeatable::of(&headers, &caller, ENDPOINT, &body.bytes, &ctx.vault)?;
    let asked = Fields::of_body(&body.value)?;
    let question = RegisterKyt {
        verification_uuid: asked.parsed("verificationUuid")?,
        network: asked.optional_text("network", limits::NETWORK)?.map(str::to_owned),
        repeatable: repeatable.map(Into::into),
    };
    let answered = ask(ctx, &question, ctx.settings.chainalysis.kyt_timeout).await?;
    Ok(Json(answered.into()))
}
