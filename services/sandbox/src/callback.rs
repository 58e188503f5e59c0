//! `POST /vasps/{vaspId}/callback`: takes whatever the node has to tell; the journal keeps it.

use serde_json::{Value, json};
use waybill_domain::Fault;

use crate::fields;

/// The backend's answer, or the fault of a callback without its envelope.
pub(crate) fn accept(body: &Value) -> Result<Value, Fault> {
    fields::text(body, "callbackType")?;
    fields::object(body, "data")?;
    Ok(json!({"result": true}))
}
