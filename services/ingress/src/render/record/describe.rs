//! The description of a record.

use serde_json::{Value, json};
use waybill_domain::{VerificationResult, reason};
use waybill_openapi::types::{self, EXAMPLE_ADDRESS, EXAMPLE_COUNTERPARTY, EXAMPLE_OWN_ID, EXAMPLE_UUID};
use waybill_openapi::{Schema, field};

use super::Record;

impl Record {
    pub(crate) fn schema() -> Schema {
        let id = Schema::of("integer")
            .with("format", "int64")
            .with("minimum", 1)
            .about("Number of the record at this node.");
        let hash =
            types::tx_hash().nullable().about("Hash of the transaction, as it was reported; `null` before.");
        Schema::object([
            field("verificationId", id.example(1)),
            field("verificationUuid", types::uuid()),
            field("result", result()),
            field("reason", why().nullable()),
            field("message", types::message().nullable()),
            field("assetInfo", types::asset_info()),
            field("txHash", hash),
            field("vout", types::vout().nullable()),
            field("originatingVaspId", types::vasp_id().about("The originator's VASP.")),
            field("originatorAccountNumber", types::account_number()),
            field(
                "ivms101Originator",
                ivms101("The originator: `{\"originatorPersons\", \"accountNumber\"}`"),
            ),
            field(
                "ivms101OriginatingVasp",
                ivms101("The originator's VASP: `{\"originatingVASP\": {\"legalPerson\"}}`"),
            ),
            field("beneficiaryVaspId", types::vasp_id().about("The beneficiary's VASP.")),
            field("beneficiaryAccountNumber", types::account_number()),
            field(
                "ivms101Beneficiary",
                ivms101("The beneficiary, as last said: `{\"beneficiaryPersons\", \"accountNumber\"}`"),
            ),
            field(
                "ivms101BeneficiaryVasp",
                ivms101("The beneficiary's VASP: `{\"beneficiaryVASP\": {\"legalPerson\"}}`"),
            ),
            field("verifiedAt", types::written_time().nullable().about("When it was answered.")),
            field("orderedAt", types::written_time().nullable().about("When the transaction was reported.")),
            field("createdAt", types::written_time().about("When it was stored here.")),
        ])
        .about("One verification.")
        .named("Verification")
    }

    pub(crate) fn example() -> Value {
        json!({
            "verificationId": 1, "verificationUuid": EXAMPLE_UUID,
            "result": "VERIFIED", "reason": "OK", "message": null,
            "assetInfo": {
                "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
                "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2022-03-03T21:52:08.092Z"
            },
            "txHash": "0x9f2c", "vout": null,
            "originatingVaspId": EXAMPLE_OWN_ID,
            "originatorAccountNumber": "0x61c5d1cd7d5ff8bd93a5b1b6a1f4c0d6e7b8a90f",
            "ivms101Originator": "{\"originatorPersons\":[]}",
            "ivms101OriginatingVasp": "{\"originatingVASP\":{}}",
            "beneficiaryVaspId": EXAMPLE_COUNTERPARTY, "beneficiaryAccountNumber": EXAMPLE_ADDRESS,
            "ivms101Beneficiary": "{\"beneficiaryPersons\":[]}",
            "ivms101BeneficiaryVasp": "{\"beneficiaryVASP\":{}}",
            "verifiedAt": "2026-01-02T03:04:06.120Z", "orderedAt": "2026-01-02T03:09:11.003Z",
            "createdAt": "2026-01-02T03:04:05.000Z"
        })
    }
}

fn result() -> Schema {
    Schema::choice(VerificationResult::ALL.iter().map(|result| result.as_str()))
        .about(
            "`WAIT`: not answered yet. `VERIFIED`: the transfer may go. `DENIED`: somebody said no. `ERROR`: no usable answer, or the \
             transfer was cancelled. The others stand in old records only.",
        )
        .example("VERIFIED")
        .named("VerificationResult")
}

fn why() -> Schema {
    let usual: Vec<&str> = reason::VERIFICATION_ANSWER.iter().chain(reason::SYSTEM).copied().collect();
    types::reason(&usual).example("OK")
}

fn ivms101(what: &str) -> Schema {
    Schema::of("string")
        .with("contentMediaType", "application/json")
        .nullable()
        .about(format!("{what}, as JSON in a text. `null` without the scope `personal-data:read`."))
}
