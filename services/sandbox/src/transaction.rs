//! `POST /vasps/{vaspId}/transaction`: how far a transfer is, and the switch that says so.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use waybill_domain::{Fault, TransactionStatus, VaspId, VerificationUuid};

use crate::fields;
use crate::reply::{self, Refusal};
use crate::sandbox::Shared;

/// More switches than anybody sets by hand; keeps a runaway script from filling the memory.
const MOST_SWITCHES: usize = 100_000;

/// What the backend says about one transfer.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Transfer {
    transaction_status: TransactionStatus,
    tx_hash: Option<String>,
    vout: Option<String>,
}

/// The transfers that were set by switch; any other is `PROCESSING`. Gone after a restart.
#[derive(Default)]
pub(crate) struct Transfers(Mutex<HashMap<(VaspId, VerificationUuid), Transfer>>);

impl Transfers {
    fn get(&self, vasp: VaspId, uuid: VerificationUuid) -> Transfer {
        let transfers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown =
            || Transfer { transaction_status: TransactionStatus::Processing, tx_hash: None, vout: None };
        transfers.get(&(vasp, uuid)).cloned().unwrap_or_else(unknown)
    }

    fn set(&self, vasp: VaspId, uuid: VerificationUuid, transfer: Transfer) -> Result<(), Fault> {
        let mut transfers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if transfers.len() >= MOST_SWITCHES && !transfers.contains_key(&(vasp, uuid)) {
            return Err(Fault::new(409, "TOO-MANY-TRANSACTIONS", "Restart the sandbox to forget them"));
        }
        transfers.insert((vasp, uuid), transfer);
        Ok(())
    }
}

/// The backend's answer, or the fault of a request that the interface does not allow.
pub(crate) fn status(transfers: &Transfers, vasp: VaspId, body: &Value) -> Result<Value, Fault> {
    let uuid = fields::verification_uuid(body)?;
    Ok(shown(uuid, &transfers.get(vasp, uuid)))
}

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
    let answer = shown(uuid, &transfer);
    sandbox.transfers.set(vasp, uuid, transfer)?;
    Ok(reply::ok(&answer))
}

fn shown(uuid: VerificationUuid, transfer: &Transfer) -> Value {
    let mut answer = json!({"verificationUuid": uuid, "transactionStatus": transfer.transaction_status});
    if let Some(tx_hash) = &transfer.tx_hash {
        answer["txHash"] = json!(tx_hash);
    }
    if let Some(vout) = &transfer.vout {
        answer["vout"] = json!(vout);
    }
    answer
}
