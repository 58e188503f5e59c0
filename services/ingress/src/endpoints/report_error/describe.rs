//! The description of the endpoint.

use serde_json::json;
use waybill_domain::{codes, reason};
use waybill_openapi::types::{self, EXAMPLE_UUID};
use waybill_openapi::{Operation, Schema, Tag, field, optional};

use crate::endpoints::report::Accepted;

pub(crate) fn operation() -> Operation {
    let result = Schema::choice(["ERROR", "DENIED", "TRANSFER_ERROR", "PENDING", "UNKNOWN"])
        .about("`ERROR`: it failed or was cancelled. `DENIED`: we refuse it. Older words: `TRANSFER_ERROR` and `PENDING` are an `ERROR`, `UNKNOWN` is `DENIED`. `VERIFIED` is no error.")
        .example("ERROR");
    let request = Schema::object([
        field("result", result),
        field("reason", types::reason(reason::ERROR_REPORT).example("USER-CANCELED")),
        optional("message", types::message().or_nothing()),
        field("verificationUuid", types::uuid()),
    ])
    .refusable()
    .named("ErrorReport");
    let example = json!({
        "result": "ERROR", "reason": "USER-CANCELED", "message": "The customer changed their mind",
        "verificationUuid": EXAMPLE_UUID
    });
    Operation::new("reportError", Tag::Transfers, "Report that the transfer will never happen")
        .about(
            "By the originator, for good: the record takes the reported result, reason and message. The counterparty is told in the \
             background and gets the callback `ERROR_REPORT`. The same report again is accepted and adds nothing.",
        )
        .body(request, [("cancelled", example)])
        .answers(Accepted::described())
        .refuses([
            codes::verification_not_found(types::example_uuid()),
            codes::not_originator(),
            codes::error_already_reported(),
            codes::error_after_tx(),
            codes::verification_not_verified(),
        ])
}
