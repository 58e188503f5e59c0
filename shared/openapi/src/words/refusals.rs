//! The refusals of an operation, by status.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use waybill_domain::Fault;
use waybill_domain::codes::CATALOGUE;

use super::schema::Named;
use crate::types;

/// Refusals, each code once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refusals(BTreeMap<u16, Vec<Fault>>);

impl Refusals {
    pub(crate) fn add(&mut self, fault: &Fault) {
        let same_status = self.0.entry(fault.status).or_default();
        if same_status.iter().all(|known| known.code != fault.code) {
            same_status.push(fault.clone());
        }
    }

    /// A response for each status, with an example for each code.
    pub(crate) fn into_responses(self) -> (Map<String, Value>, Named) {
        let mut responses = Map::new();
        let (schema, named) = types::refusal().into_parts();
        if self.0.is_empty() {
            return (responses, Named::new());
        }
        for (status, faults) in self.0 {
            let mut response = json!({
                "description": about(&faults),
                "content": { "application/json": { "schema": schema, "examples": examples(&faults) } }
            });
            match status {
                401 => response["headers"] = json!({ "www-authenticate": header("WwwAuthenticate") }),
                408 | 429 | 503 => response["headers"] = json!({ "retry-after": header("RetryAfter") }),
                _ => {}
            }
            responses.insert(status.to_string(), response);
        }
        (responses, named)
    }
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn about(faults: &[Fault]) -> String {
    let codes: Vec<String> = faults.iter().map(|fault| format!("`{}`", fault.code)).collect();
    codes.join(", ")
}

fn examples(faults: &[Fault]) -> Value {
    let example = |fault: &Fault| {
        let value = json!({ "code": fault.code, "message": fault.message });
        (fault.code.to_string(), json!({ "summary": when(fault), "value": value }))
    };
    Value::Object(faults.iter().map(example).collect())
}

/// When a code is given, as the catalogue says it.
fn when(fault: &Fault) -> &str {
    let known = CATALOGUE.iter().find(|entry| entry.code == fault.code);
    known.map_or(&*fault.message, |entry| entry.when)
}
