//! The switch that says how far a transfer is.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use waybill_domain::Fault;

use super::transfers::Transfer;
use crate::reply::{self, Refusal};
use crate::state::Shared;

/// `PUT /vasps/{vaspId}/transactions/{verificationUuid}`: sets what the backend says about one transfer.
pub(crate) async fn put(
    State(sandbox): State<Shared>,
    Path((vasp, uuid)): Path<(String, String)>,
    transfer: Result<Json<Transfer>, JsonRejection>,
) -> Result<Response, Refusal> {
    let vasp = sandbox.known_vasp(&vasp)?;
    let uuid = uuid.parse().map_err(|_| Fault::invalid("verificationUuid"))?;
    let Json(transfer) =
        transfer.map_err(|rejection| Fault::new(400, "INVALID-BODY", rejection.body_text()))?;
    let answer = transfer.shown(uuid);
    sandbox.transfers.set(vasp, uuid, transfer)?;
    Ok(reply::ok(&answer))
}
