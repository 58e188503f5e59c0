//! `POST /v1/risk-assessment/chainalysis-sanction`: is the counterparty's address on a sanctions list? Answered at once.

mod describe;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use waybill_context::ChainalysisSanction;
use waybill_domain::codes;
use waybill_jobs::AskSanction;
use waybill_store::tables::sanction_results;

use super::ask::ask;
use crate::ingress::SharedIngress;
use crate::reading::{Fields, JsonBody};
use crate::refused::Refused;

pub(crate) use describe::operation;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    chainalysis_sanction: ChainalysisSanction,
}

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    body: JsonBody,
) -> Result<Json<Answer>, Refused> {
    let ctx = &ingress.ctx;
    let verification_uuid = Fields::of_body(&body.value)?.parsed("verificationUuid")?;
    let question = AskSanction { verification_uuid };
    let answered = ask(ctx, &question, ctx.settings.chainalysis.sanction_timeout).await?;
    let found = ctx.store.read("find_sanction_result", answered.request_id, |tx, request_id| {
        Box::pin(sanction_results::find(tx, request_id))
    });
    let row = found.await?.ok_or_else(|| {
        tracing::error!("a look-up that was answered is not in the database");
        codes::internal_error()
    })?;
    Ok(Json(Answer { chainalysis_sanction: row.into() }))
}
