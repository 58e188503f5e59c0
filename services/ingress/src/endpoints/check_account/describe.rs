//! The description of the endpoint.

use serde_json::{Value, json};
use waybill_domain::{codes, reason};
use waybill_openapi::types::{self, EXAMPLE_ADDRESS, EXAMPLE_COUNTERPARTY, ivms101};
use waybill_openapi::{Answer, Operation, Schema, Tag, field, optional};

pub(crate) fn operation() -> Operation {
    Operation::new("checkAccount", Tag::Verifications, "Does this address belong to a customer of that VASP?")
        .about(
            "The first step of a withdrawal: nothing about the originator is sent. Above the legal threshold the beneficiary's name is \
             compared too; no KYC or sanction screening is meant. The counterparty is asked at once and the answer comes within \
             `ingress.account_timeout` (3 s). A denial is an answer, not a refusal. Nothing is stored.",
        )
        .body(question(), examples())
        .answers(answer())
        .refuses([
            codes::alliance_not_found(),
            codes::alliance_not_active(),
            codes::directory_expired(),
            codes::payload_too_large(),
            codes::request_timeout(),
            codes::counterparty_unavailable(),
            codes::counterparty_refused(),
            codes::counterparty_invalid_answer(),
            codes::service_unavailable(),
        ])
}

fn question() -> Schema {
    let ivms101 = Schema::object([field("beneficiary", ivms101::account_holder())])
        .about("Who is asked about, in IVMS101.");
    let payload = Schema::object([field("version", types::payload_version()), field("ivms101", ivms101)]);
    Schema::object([
        field("keyType", types::key_type()),
        field("beneficiaryVaspId", types::vasp_id().about("Whom to ask. May be ourselves.")),
        field("symbol", types::symbol()),
        optional("network", types::network().or_nothing()),
        field("payload", payload.about("What is sealed for the counterparty.")),
    ])
    .refusable()
    .named("AccountCheck")
}

fn answer() -> Answer {
    let schema = Schema::object([
        field("accountVerificationResult", types::account_result()),
        optional("reason", types::reason(reason::ACCOUNT_ANSWER)),
        optional("message", types::message()),
        field("verifiedAt", types::written_time().about("When the counterparty looked.")),
    ])
    .about("`reason` and `message` come with `DENIED` only, and may be absent even then.")
    .named("AccountCheckAnswer");
    let at = "2022-03-03T12:46:34.085Z";
    Answer::json("What the counterparty says.", schema)
        .example("verified", json!({ "accountVerificationResult": "VERIFIED", "verifiedAt": at }))
        .example(
            "denied",
            json!({
                "accountVerificationResult": "DENIED", "reason": "UNKNOWN-NETWORK",
                "message": "'network' is necessary", "verifiedAt": at
            }),
        )
}

fn examples() -> [(&'static str, Value); 3] {
    let names = [ivms101::example_person("Taylor", "Robbins")];
    let company = [ivms101::example_company("A Company"), ivms101::example_person("Taylor", "Robbins")];
    [
        ("address only", asking(json!({ "accountNumber": [EXAMPLE_ADDRESS] }))),
        (
            "natural person",
            asking(json!({ "beneficiaryPersons": names, "accountNumber": [EXAMPLE_ADDRESS] })),
        ),
        (
            "legal person",
            asking(json!({ "beneficiaryPersons": company, "accountNumber": [EXAMPLE_ADDRESS] })),
        ),
    ]
}

fn asking(beneficiary: Value) -> Value {
    json!({
        "keyType": "PerVasp", "beneficiaryVaspId": EXAMPLE_COUNTERPARTY, "symbol": "ETH", "network": "Ethereum",
        "payload": { "version": "1.0", "ivms101": { "beneficiary": beneficiary } }
    })
}
