//! The description of the callbacks.

mod screening;

use serde_json::{Value, json};
use waybill_domain::reason;
use waybill_jobs::CallbackType;
use waybill_openapi::types::{self, EXAMPLE_UUID, ivms101};
use waybill_openapi::{Field, Operation, Schema, Tag, Webhook, field, optional};

/// What the backend is told: one request for each type of callback.
pub fn webhooks() -> Vec<Webhook> {
    vec![
        verification_result(),
        tx_report(),
        error_report(),
        screening::sanction_result(),
        screening::kyt_result(),
        screening::wco_result(),
    ]
}

fn verification_result() -> Webhook {
    let verdict = Schema::choice(["VERIFIED", "DENIED", "ERROR"])
        .about("`VERIFIED`: the transfer may go. `ERROR`: no usable answer.");
    let usual: Vec<&str> = reason::VERIFICATION_ANSWER.iter().chain(reason::SYSTEM).copied().collect();
    let data = [
        field("verificationUuid", types::uuid()),
        field("verificationResult", verdict.example("VERIFIED")),
        optional("reason", types::reason(&usual).example("OK")),
        optional("message", types::message()),
        field("ivms101", ivms101::parties_and_vasps()),
    ];
    let example = json!({
        "verificationUuid": EXAMPLE_UUID, "verificationResult": "VERIFIED", "reason": "OK",
        "ivms101": ivms101::example_parties_and_vasps()
    });
    webhook(
        CallbackType::VerificationResult,
        Operation::new("verificationResult", Tag::Callbacks, "A verification is answered").about(
            "To the originator: the verification is answered, or ended without an answer. `beneficiary` is what the beneficiary VASP \
             answered; when it gave nothing, what was asked. The others are what we sent.",
        ),
        data.to_vec(),
        example,
    )
}

fn tx_report() -> Webhook {
    let data = vec![
        field("verificationUuid", types::uuid()),
        field("txHash", types::tx_hash()),
        optional("vout", types::vout()),
    ];
    let example =
        json!({ "verificationUuid": EXAMPLE_UUID, "txHash": "0x9f2c4a1be7d05c3386f1", "vout": "1" });
    let operation = Operation::new("transactionReported", Tag::Callbacks, "The transaction is reported")
        .about("To the beneficiary: the originator sent the transaction.");
    webhook(CallbackType::TxReport, operation, data, example)
}

fn error_report() -> Webhook {
    let result = Schema::choice(["ERROR", "DENIED"]).about("As the originator reported it.").example("ERROR");
    let usual: Vec<&str> = reason::ERROR_REPORT.iter().chain(reason::SYSTEM).copied().collect();
    let data = vec![
        field("verificationUuid", types::uuid()),
        field("result", result),
        optional("reason", types::reason(&usual).example("USER-CANCELED")),
        optional("message", types::message()),
    ];
    let example = json!({ "verificationUuid": EXAMPLE_UUID, "result": "ERROR", "reason": "USER-CANCELED" });
    let operation = Operation::new("errorReported", Tag::Callbacks, "The transfer will never happen").about(
        "To the beneficiary: the originator said so, or its node ended the verification without our answer (`REQUEST-TIMEOUT`).",
    );
    webhook(CallbackType::ErrorReport, operation, data, example)
}

fn webhook(kind: CallbackType, operation: Operation, data: Vec<Field>, example: Value) -> Webhook {
    let callback_type = Schema::of("string").with("const", kind.as_str()).about("Tells the callbacks apart.");
    let body = Schema::object([
        field("callbackType", callback_type.example(kind.as_str())),
        field("data", Schema::object(data).about("What happened.")),
    ]);
    let example = json!({ "callbackType": kind.as_str(), "data": example });
    let operation = with_headers(operation)
        .body(body, [("callback", example)])
        .secured(json!([{ "backendToken": [] }]))
        .means("200", "Delivered. The body is not looked at.")
        .means("4XX", "Tried again; except after 408, 425 and 429, later callbacks of the verification no longer wait for this one.")
        .means("default", "Tried again, with growing waits, for `callback.give_up_after` (24 h).");
    Webhook { name: kind.as_str(), operation }
}

fn with_headers(operation: Operation) -> Operation {
    let id = Schema::of("string")
        .about("Names the callback; the same for every attempt and every replay.")
        .example("18374620017");
    let timestamp = Schema::of("string")
        .pattern("^[0-9]+$")
        .about("When this attempt was made, Unix seconds. Refuse what is more than 5 minutes away.")
        .example("1767323045");
    let signature = Schema::of("string")
        .pattern("^v1,[A-Za-z0-9+/]+=*( v1,[A-Za-z0-9+/]+=*)*$")
        .about(
            "Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`, one for each of \
             `callback.secrets`, separated by a space. Absent without secrets.",
        )
        .example("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    let trace = Schema::of("string")
        .about("W3C Trace Context, when the request that caused it had one.")
        .example("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    operation
        .header("webhook-id", id, true)
        .header("webhook-timestamp", timestamp, true)
        .header("webhook-signature", signature, false)
        .header("traceparent", trace, false)
}
