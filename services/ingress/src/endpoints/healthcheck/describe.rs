//! The description of the endpoint.

use serde_json::json;
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

pub(crate) fn operation() -> Operation {
    let status = Schema::of("string")
        .with("const", "UP")
        .about("Always `UP`: whatever does not serve does not answer.");
    let answer = Schema::object([field("status", status.example("UP"))]).named("Health");
    Operation::new("healthcheck", Tag::Node, "Is the node up?")
        .about("Open to everybody who reaches the port, and not counted against any rate.")
        .answers(Answer::json("It is.", answer).example("up", json!({ "status": "UP" })))
}
