//! `PUT /vasps/{vaspId}/mode` and `GET /vasps/{vaspId}/mode`.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use waybill_domain::Fault;

use super::modes::Switch;
use crate::endpoint::Endpoint;
use crate::misbehaviour::Misbehaviour;
use crate::reply::{self, Refusal};
use crate::state::Shared;

/// Longest delay a switch may ask for.
const LONGEST_DELAY_MS: u64 = 600_000;

/// What the switch takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ModeRequest {
    mode: String,
    endpoint: Option<String>,
    times: Option<u32>,
    delay_ms: Option<u64>,
    retry_after: Option<u32>,
}

impl ModeRequest {
    fn endpoints(&self) -> Result<Vec<Endpoint>, Fault> {
        match self.endpoint.as_deref() {
            None | Some("all") => Ok(Endpoint::ALL.to_vec()),
            Some(name) => Ok(vec![name.parse().map_err(|_| Fault::invalid("endpoint"))?]),
        }
    }

    /// The switch to set; `None` is the normal mode.
    fn switch(&self) -> Result<Option<Switch>, Fault> {
        if self.times == Some(0) {
            return Err(Fault::invalid("times"));
        }
        if self.delay_ms.is_some_and(|delay| delay > LONGEST_DELAY_MS) {
            return Err(Fault::invalid("delayMs"));
        }
        if self.mode == "normal" {
            return Ok(None);
        }
        let misbehaviour = match Misbehaviour::named(&self.mode).ok_or_else(|| Fault::invalid("mode"))? {
            Misbehaviour::Slow(_) => Misbehaviour::Slow(self.delay_ms.map(Duration::from_millis)),
            Misbehaviour::Refuse(status, _) => Misbehaviour::Refuse(status, self.retry_after),
            other => other,
        };
        Ok(Some(Switch { misbehaviour, times: self.times }))
    }
}

/// `PUT /vasps/{vaspId}/mode`: sets the mode of one endpoint or of all, and shows them.
pub(crate) async fn put(
    State(sandbox): State<Shared>,
    Path(vasp): Path<String>,
    request: Result<Json<ModeRequest>, JsonRejection>,
) -> Result<Response, Refusal> {
    let vasp = sandbox.known_vasp(&vasp)?;
    let Json(request) =
        request.map_err(|rejection| Fault::new(400, "INVALID-BODY", rejection.body_text()))?;
    sandbox.modes.set(vasp, &request.endpoints()?, request.switch()?);
    Ok(reply::ok(&sandbox.modes.shown(vasp)))
}

/// `GET /vasps/{vaspId}/mode`: the mode of each endpoint.
pub(crate) async fn get(
    State(sandbox): State<Shared>,
    Path(vasp): Path<String>,
) -> Result<Response, Refusal> {
    let vasp = sandbox.known_vasp(&vasp)?;
    Ok(reply::ok(&sandbox.modes.shown(vasp)))
}
