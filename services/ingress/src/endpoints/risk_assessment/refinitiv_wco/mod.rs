//! `POST /v1/risk-assessment/refinitiv-wco`: are the counterparty's customers on a list of World-Check? The result follows by
//! callback.

mod describe;
mod request;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::extract::{Extension, State};
use http::HeaderMap;
use waybill_jobs::{RegisterWco, Request as _};

use super::ask::{Answer, ask};
use crate::callers::Caller;
use crate::idempotency::Repeatable;
use crate::ingress::SharedIngress;
use crate::reading::JsonBody;
use crate::refused::Refused;

pub(crate) use describe::operation;

const ENDPOINT: &str = "POST /v1/risk-assessment/refinitiv-wco";

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let repeatable = Repeatable::of(&headers, &caller, ENDPOINT, &body.bytes, &ctx.vault)?;
    let asked = request::read(&body.value, ctx.clock.now().date_naive())?;
    let request_name = ctx.request_id();
    let seal = |payload: String| ctx.vault.seal_request(RegisterWco::KIND, &request_name, &payload);
    let question = RegisterWco {
        verification_uuid: asked.verification_uuid,
        payload_sealed: asked.payload.map(seal),
        repeatable: repeatable.map(Into::into),
        request_name,
    };
    let answered = ask(ctx, &question, ctx.settings.refinitiv.timeout).await?;
    Ok(Json(answered.into()))
}
