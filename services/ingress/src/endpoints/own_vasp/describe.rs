//! The description of the endpoint.

use serde_json::json;
use waybill_openapi::types::{self, EXAMPLE_OWN_ID};
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

pub(crate) fn operation() -> Operation {
    let answer = Schema::object([field("vaspId", types::vasp_id())]).named("OwnVasp");
    Operation::new("getOwnVasp", Tag::Vasps, "Who are we?")
        .answers(Answer::json("Our own id.", answer).example("ours", json!({ "vaspId": EXAMPLE_OWN_ID })))
}
