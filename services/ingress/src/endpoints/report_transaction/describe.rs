//! The description of the endpoint.

use serde_json::json;
use waybill_domain::codes;
use waybill_openapi::types::{self, EXAMPLE_UUID};
use waybill_openapi::{Operation, Schema, Tag, field, optional};

use crate::endpoints::report::Accepted;

pub(crate) fn operation() -> Operation {
    let request = Schema::object([
        field("verificationUuid", types::uuid()),
        field("txHash", types::tx_hash()),
        optional("vout", types::vout().or_nothing()),
    ])
    .refusable()
    .named("TransactionReport");
    let example = json!({
        "verificationUuid": EXAMPLE_UUID,
        "txHash": "0x9f2c4a1be7d05c3386f1d0a94e5b7c2288aa6013d9e4f5b7c1a20e3d4c5b6a79", "vout": "1"
    });
    Operation::new("reportTransaction", Tag::Transfers, "Report the transaction")
        .about(
            "By the originator, as soon as the hash is known. Answered once it is stored; the counterparty is told in the background and \
             gets the callback `TX_REPORT`. One transaction that serves many verifications is reported for each of them, with the same \
             `txHash` and different `vout`. The same report again is accepted and adds nothing, unless sending it was given up.",
        )
        .body(request, [("sent", example)])
        .answers(Accepted::described())
        .refuses([
            codes::verification_not_found(types::example_uuid()),
            codes::not_originator(),
            codes::verification_not_verified(),
            codes::tx_already_reported(),
        ])
}
