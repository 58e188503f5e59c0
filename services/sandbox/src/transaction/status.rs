//! `POST /vasps/{vaspId}/transaction`: how far a transfer is.

use serde_json::Value;
use waybill_domain::{Fault, VaspId};

use super::Transfers;
use crate::fields;

/// The backend's answer, or the fault of a request that the interface does not allow.
pub(crate) fn status(transfers: &Transfers, vasp: VaspId, body: &Value) -> Result<Value, Fault> {
    let uuid = fields::verification_uuid(body)?;
    Ok(transfers.get(vasp, uuid).shown(uuid))
}
