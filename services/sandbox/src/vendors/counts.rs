//! How many answers of each status a vendor gave; 0 stands for none at all.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::Vendor;

#[derive(Default)]
pub(super) struct Counts(Mutex<BTreeMap<(Vendor, u16), u64>>);

impl Counts {
    pub(super) fn add(&self, vendor: Vendor, status: u16) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((vendor, status)).or_default() += 1;
    }

    /// `{"200": 7, "429": 1}`
    pub(super) fn shown(&self, vendor: Vendor) -> Value {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = counts.iter().filter(|((of, _), _)| *of == vendor);
        let shown: Map<_, _> = own.map(|((_, status), count)| (status.to_string(), json!(count))).collect();
        Value::Object(shown)
    }
}
