//! The description of the endpoint.

use serde_json::json;
use waybill_domain::{Fault, codes};
use waybill_openapi::types::{self, EXAMPLE_UUID};
use waybill_openapi::{Operation, Schema, Tag, field, optional};

use crate::endpoints::risk_assessment::ask::{refusals, registered};
use crate::idempotency;

pub(crate) fn operation() -> Operation {
    let network = types::network().or_nothing().about(
        "Blockchain of the transfer, in place of the verification's. Needed where neither names one and the asset lives on several: \
         see `GET /v1/networks`.",
    );
    let request = Schema::object([field("verificationUuid", types::uuid()), optional("network", network)])
        .refusable()
        .named("KytRequest");
    Operation::new("assessTransfer", Tag::RiskAssessment, "What does Chainalysis KYT know of the transfer?")
        .about(
            "Before the transaction is reported the originator has the beneficiary's address assessed; afterwards either side has the \
             transaction assessed. Registered with the vendor within `chainalysis.kyt_timeout` (5 s), or in the background when the \
             vendor does not answer. The result comes by the callback `CHAINALYSIS_KYT_RESULT`, and \
             `GET /v1/risk-assessment/{requestId}` shows it. Each registration is paid for.",
        )
        .header("Idempotency-Key", idempotency::header(), false)
        .body(request, [("one", json!({ "verificationUuid": EXAMPLE_UUID, "network": "Ethereum" }))])
        .answers(registered())
        .refuses([idempotency::invalid(), codes::idempotency_key_reused(), Fault::missing("network")])
        .refuses(refusals("chainalysis.kyt_api_key"))
}
