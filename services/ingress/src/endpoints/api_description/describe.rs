//! The description of the endpoint.

use waybill_openapi::{Answer, Operation, Schema, Tag, field};

pub(crate) fn operation() -> Operation {
    let version =
        Schema::of("string").with("const", "3.1.0").about("The version of OpenAPI.").example("3.1.0");
    let document = Schema::object([field("openapi", version)])
        .with("additionalProperties", true)
        .about("An OpenAPI document.")
        .named("ApiDescription");
    Operation::new("describeApi", Tag::Node, "This document")
        .about("For people it is shown at `/docs`. `waybill openapi` prints it without a node.")
        .answers(Answer::json("OpenAPI 3.1.", document))
}
