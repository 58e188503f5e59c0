//! Which backend misbehaves at which endpoint, and how often still.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use waybill_domain::VaspId;

use crate::endpoint::Endpoint;
use crate::misbehaviour::Misbehaviour;

/// The switches of all backends. Gone after a restart.
#[derive(Default)]
pub(crate) struct Modes(Mutex<HashMap<(VaspId, Endpoint), Switch>>);

#[derive(Clone, Copy)]
pub(super) struct Switch {
    pub(super) misbehaviour: Misbehaviour,
    /// Answers left; without it, until switched back.
    pub(super) times: Option<u32>,
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

    pub(super) fn set(&self, vasp: VaspId, endpoints: &[Endpoint], switch: Option<Switch>) {
        let mut switches = self.lock();
        for endpoint in endpoints {
            match switch {
                Some(switch) => switches.insert((vasp, *endpoint), switch),
                None => switches.remove(&(vasp, *endpoint)),
            };
        }
    }

    /// The mode of each endpoint.
    pub(super) fn shown(&self, vasp: VaspId) -> Value {
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
