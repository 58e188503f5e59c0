//! The description of the endpoint.

use serde_json::json;
use waybill_domain::{codes, limits};
use waybill_openapi::types::{self, EXAMPLE_UUID};
use waybill_openapi::{Answer, Operation, Schema, Tag, field, optional};

pub(crate) fn operation() -> Operation {
    let request =
        Schema::object([field("verificationUuid", types::uuid())]).refusable().named("TransactionInquiry");
    Operation::new("inquireTransaction", Tag::Transfers, "Ask how far the transaction has come")
        .about(
            "By the beneficiary, for a deposit whose report does not come. The originator's backend is asked at once; the answer comes \
             within `ingress.inquiry_timeout` (3 s) and is not stored.",
        )
        .body(request, [("one", json!({ "verificationUuid": EXAMPLE_UUID }))])
        .answers(answer())
        .refuses([
            codes::verification_not_found(types::example_uuid()),
            codes::not_beneficiary(),
            codes::request_timeout(),
            codes::counterparty_unavailable(),
            codes::counterparty_refused(),
            codes::counterparty_invalid_answer(),
            codes::service_unavailable(),
        ])
}

fn answer() -> Answer {
    let tx_hash = Schema::of("string").with("maxLength", limits::TX_HASH).about(
        "Hash of the transaction, as the originator's chain node prints it; empty while there is none.",
    );
    let schema = Schema::object([
        field("verificationUuid", types::uuid()),
        field("transactionStatus", types::transaction_status()),
        field("txHash", tx_hash.example("0x9f2c")),
        optional("vout", types::vout()),
    ])
    .named("TransactionInquiryAnswer");
    let sent = json!({
        "verificationUuid": EXAMPLE_UUID, "transactionStatus": "WAIT-CONFIRM", "txHash": "0x9f2c", "vout": "1"
    });
    let pending = json!({ "verificationUuid": EXAMPLE_UUID, "transactionStatus": "PENDING", "txHash": "" });
    Answer::json("What the originator says.", schema).example("sent", sent).example("pending", pending)
}
