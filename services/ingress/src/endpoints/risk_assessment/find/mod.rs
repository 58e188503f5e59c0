//! `GET /v1/risk-assessment/{requestId}`: one risk assessment.

mod describe;
#[cfg(test)]
mod tests;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use waybill_domain::{Fault, VerificationUuid, codes};
use waybill_store::tables::history::{self, Assessment};
use waybill_store::{StoreError, Tx};

use super::entry::{Details, Entry};
use crate::callers::Caller;
use crate::ingress::SharedIngress;
use crate::refused::Refused;

pub(crate) use describe::operation;

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Entry>, Refused> {
    let ctx = &ingress.ctx;
    // Request ids have the form of verifications' ids; either case is read.
    let request_id: VerificationUuid =
        path.ok().and_then(|Path(text)| text.parse().ok()).ok_or_else(|| Fault::invalid("requestId"))?;
    let request_id = request_id.to_string();
    let found = ctx
        .store
        .read("find_risk_assessment", request_id.clone(), |tx, request_id| Box::pin(load(tx, request_id)));
    let (assessment, mut details) =
        found.await?.ok_or_else(|| codes::risk_assessment_not_found(&request_id))?;
    Ok(Json(Entry::of(assessment, &mut details, &ctx.vault, caller.sees_personal_data())?))
}

async fn load(tx: &mut Tx, request_id: &str) -> Result<Option<(Assessment, Details)>, StoreError> {
    let Some(assessment) = history::find(tx, request_id).await? else { return Ok(None) };
    let details = Details::load(tx, std::slice::from_ref(&assessment)).await?;
    Ok(Some((assessment, details)))
}
