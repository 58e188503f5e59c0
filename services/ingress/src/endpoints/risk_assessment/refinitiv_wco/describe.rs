//! The description of the endpoint.

use serde_json::{Value, json};
use waybill_domain::{Fault, codes};
use waybill_openapi::types::{self, EXAMPLE_UUID, ivms101};
use waybill_openapi::{Operation, Schema, Tag, field, optional};

use crate::endpoints::risk_assessment::ask::{refusals, registered};
use crate::idempotency;

pub(crate) fn operation() -> Operation {
    let payload = Schema::object([
        field("version", types::payload_version()),
        field("ivms101", ivms101::screened_parties()),
    ]);
    let request = Schema::object([
        field("verificationUuid", types::uuid()),
        optional(
            "payload",
            payload.about("Persons in place of the verification's.").example(persons()).nullable(),
        ),
    ])
    .refusable()
    .named("WcoRequest");
    let example = json!({ "verificationUuid": EXAMPLE_UUID });
    let with_persons = json!({ "verificationUuid": EXAMPLE_UUID, "payload": persons() });
    Operation::new("screenPersons", Tag::RiskAssessment, "Are the counterparty's customers on a list of World-Check?")
        .about(
            "Once the verification has a result: the originator has the beneficiary screened, the beneficiary the originator. There is \
             a case for each person. Opened within `refinitiv.timeout` (5 s), or in the background when the vendor does not answer. The \
             result comes by the callback `REFINITIV_WCO_RESULT`, and `GET /v1/risk-assessment/{requestId}` shows it, with each \
             case. Each screening is paid for.",
        )
        .header("Idempotency-Key", idempotency::header(), false)
        .body(request, [("of the verification", example), ("given", with_persons)])
        .answers(registered())
        .refuses([
            idempotency::invalid(),
            codes::idempotency_key_reused(),
            Fault::missing("payload.ivms101.originator"),
            Fault::missing("payload.ivms101.beneficiary"),
            codes::payload_too_large(),
            codes::vendor_unauthorized(),
        ])
        .refuses(refusals("refinitiv.api_key"))
}

fn persons() -> Value {
    let beneficiary = json!({ "beneficiaryPersons": [ivms101::example_person("Taylor", "Robbins")] });
    json!({ "version": "1.0", "ivms101": { "beneficiary": beneficiary } })
}
