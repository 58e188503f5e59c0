//! The description of the endpoint.

use serde_json::{Value, json};
use waybill_domain::codes;
use waybill_openapi::types::{self, EXAMPLE_UUID};
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

use crate::endpoints::risk_assessment::ask::refusals;

pub(crate) fn operation() -> Operation {
    let request =
        Schema::object([field("verificationUuid", types::uuid())]).refusable().named("SanctionRequest");
    Operation::new("screenAddress", Tag::RiskAssessment, "Is the counterparty's address on a sanctions list?")
        .about(
            "Once the verification has a result: the originator has the beneficiary's address looked up, the beneficiary the \
             originator's. Answered within `chainalysis.sanction_timeout` (5 s). `ERROR` means that nothing is known. Free of charge.",
        )
        .body(request, [("one", json!({ "verificationUuid": EXAMPLE_UUID }))])
        .answers(answer())
        .refuses([codes::vendor_unauthorized()])
        .refuses(refusals("chainalysis.sanction_api_key"))
}

fn answer() -> Answer {
    let schema =
        Schema::object([field("chainalysisSanction", types::chainalysis_sanction())]).named("SanctionAnswer");
    let example = |sanction: Value| json!({ "chainalysisSanction": sanction });
    let mut hit = types::example_sanction();
    hit["status"] = "SANCTION".into();
    hit["ofacName"] = "SANCTIONS: OFAC SDN Example 2021-04-15".into();
    hit["ofacDescription"] = "This address is on the list.".into();
    hit["ofacUrl"] = "https://list.example/entry".into();
    Answer::json("What the lists say.", schema)
        .example("no hit", example(types::example_sanction()))
        .example("hit", example(hit))
}
