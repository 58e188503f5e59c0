//! The switch that makes a backend misbehave whatever it is sent: `PUT /vasps/{vaspId}/mode`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use waybill_domain::{Fault, VaspId};

use crate::endpoint::Endpoint;
use crate::misbehaviour::Misbehaviour;
use crate::reply::{self, Refusal};
use crate::sandbox::Shared;

/// Longest delay a switch may ask for.
const LONGEST_DELAY_MS: u64 = 600_000;

/// The switches of all backends. Gone after a restart.
#[derive(Default)]
pub(crate) struct Modes(Mutex<HashMap<(VaspId, Endpoint), Switch>>);

#[derive(Clone, Copy)]
struct Switch {
    misbehaviour: Misbehaviour,
    /// Answers left; without it, until switched back.
    times: Option<u32>,
}

impl Modes {
    /// How the next answer is to be spoilt; counts it.
    pub(crate) fn next(&self, vasp: VaspId, endpoint: Endpoint) -> Option<Misbehaviour> {
        let mut switches = self.lock();
        let switch = switches.get_mut(&(vasp, endpoint))?;
        let misbehaviour = switch.misbehaviour;
        if let Some(times) = &mut switch.times {
            *times -= 1; // a switch with nothing left is never kept
            if *times == 0 {
                switches.remove(&(vasp, endpoint));
            }
        }
        Some(misbehaviour)
    }

    fn set(&self, vasp: VaspId, endpoints: &[Endpoint], switch: Option<Switch>) {
        let mut switches = self.lock();
        for endpoint in endpoints {
            match switch {
                Some(switch) => switches.insert((vasp, *endpoint), switch),
                None => switches.remove(&(vasp, *endpoint)),
            };
        }
    }

    fn shown(&self, vasp: VaspId) -> Value {
        let switches = self.lock();
        let mut modes = serde_json::Map::new();
        for &endpoint in Endpoint::ALL {
            let shown = match switches.get(&(vasp, endpoint)) {
                None => json!({"mode": "normal"}),
                Some(Switch { misbehaviour, times: None }) => json!({"mode": misbehaviour.name()}),
                Some(Switch { misbehaviour, times }) => json!({"mode": misbehaviour.name(), "times": times}),
            };
            modes.insert(endpoint.to_string(), shown);
        }
        Value::Object(modes)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(VaspId, Endpoint), Switch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
