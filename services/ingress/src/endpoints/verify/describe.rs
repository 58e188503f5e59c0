//! The description of the endpoint.

use serde_json::{Value, json};
use waybill_domain::codes;
use waybill_openapi::types::{self, EXAMPLE_COUNTERPARTY, EXAMPLE_UUID, ivms101};
use waybill_openapi::{Answer, Operation, Schema, Tag, field};

use crate::idempotency;

pub(crate) fn operation() -> Operation {
    Operation::new("verify", Tag::Verifications, "Verify both customers of a transfer")
        .about(
            "Answered once it is stored; from then on it is certain to get a result, at the latest after `verification.deadline` \
             (10 min). The result comes by the callback `VERIFICATION_RESULT`, and `GET /v1/verifications/{uuid}` shows it. A \
             verification that was denied is not amended: start a new one. Both parties together may have 40 KB.",
        )
        .header("Idempotency-Key", idempotency::header(), false)
        .body(request(), [("natural persons", example())])
        .answers(answer())
        .refuses([
            idempotency::invalid(),
            codes::alliance_not_found(),
            codes::alliance_not_active(),
            codes::idempotency_key_reused(),
            codes::payload_too_large(),
            codes::directory_expired(),
            codes::service_unavailable(),
        ])
}

fn request() -> Schema {
    let payload = Schema::object([
        field("version", types::payload_version()),
        field("ivms101", ivms101::both_parties()),
    ]);
    Schema::object([
        field("keyType", types::key_type()),
        field("beneficiaryVaspId", types::vasp_id().about("The counterparty. May be ourselves.")),
        field("assetInfo", types::asset_info()),
        field("requiredBeneficiaryInfo", types::required_beneficiary_info()),
        field("payload", payload.about("What is sealed for the counterparty.")),
    ])
    .refusable()
    .named("VerificationRequest")
}

fn answer() -> Answer {
    let schema = Schema::object([
        field("verificationUuid", types::uuid()),
        field("createdAt", types::written_time().about("When it was stored.")),
    ])
    .named("VerificationAccepted");
    let example = json!({ "verificationUuid": EXAMPLE_UUID, "createdAt": "2026-01-02T03:04:05.000Z" });
    Answer::json("Stored.", schema).example("stored", example)
}

fn example() -> Value {
    json!({
        "keyType": "PerVasp",
        "beneficiaryVaspId": EXAMPLE_COUNTERPARTY,
        "assetInfo": {
            "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
            "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2022-03-03T21:52:08.092Z"
        },
        "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
        "payload": { "version": "1.0", "ivms101": ivms101::example_parties() }
    })
}
