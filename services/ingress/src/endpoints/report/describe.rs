//! The description of the answer.

use serde_json::json;
use waybill_openapi::{Answer, Schema, field};

use super::Accepted;

impl Accepted {
    pub(crate) fn described() -> Answer {
        let result = Schema::of("boolean")
            .with("const", true)
            .about("Always `true`: whatever is not accepted is refused.");
        let schema = Schema::object([field("result", result.example(true))]).named("ReportAccepted");
        Answer::json("Stored, or stored already.", schema).example("stored", json!({ "result": true }))
    }
}
