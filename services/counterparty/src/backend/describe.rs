//! The description of what the backend is asked.

use serde_json::{Value, json};
use waybill_domain::{Verdict, reason};
use waybill_openapi::types::{self, EXAMPLE_ADDRESS, EXAMPLE_OWN_ID, EXAMPLE_UUID, ivms101};
use waybill_openapi::{Answer, Operation, Schema, Tag, Webhook, field, optional};

/// What the backend is asked: one request for each endpoint that it implements.
pub fn webhooks() -> Vec<Webhook> {
    vec![account(), verification(), transaction()]
}

fn account() -> Webhook {
    let holder =
        Schema::object([field("beneficiary", ivms101::given_beneficiary())]).about("Who is asked about.");
    let question = Schema::object([
        field("originatingVaspId", types::vasp_id().about("Who asks.")),
        field("symbol", types::symbol()),
        optional("network", types::network()),
        field("version", types::payload_version()),
        field("ivms101", holder),
    ])
    .named("BackendAccountQuestion");
    let answer = Schema::object([
        field("accountVerificationResult", types::account_result()),
        optional("reason", reasons(reason::ACCOUNT_ANSWER)),
        optional("message", types::message().or_nothing()),
        field("verifiedAt", types::read_time().about("When it was looked up.")),
    ])
    .named("BackendAccountAnswer");
    let example = json!({
        "originatingVaspId": EXAMPLE_OWN_ID, "symbol": "ETH", "network": "Ethereum", "version": "1.0",
        "ivms101": { "beneficiary": { "accountNumber": [EXAMPLE_ADDRESS] } }
    });
    let verified =
        json!({ "accountVerificationResult": "VERIFIED", "verifiedAt": "2022-03-03T21:52:08.092Z" });
    let operation = Operation::new("backendCheckAccount", Tag::Backend, "Is this account a customer's?").about(
        "At `backend.account_url`, answered within `backend.account_timeout` (1 s). One account; names, when they are there, must \
         match, those of a company with any one representative. No KYC or sanction screening is meant.",
    );
    let answer = Answer::json("A decision.", answer).example("verified", verified);
    Webhook { name: "account-verification", operation: asking(operation, question, example, answer) }
}

fn verification() -> Webhook {
    let question = Schema::object([
        field("verificationUuid", types::uuid()),
        field("assetInfo", types::asset_info()),
        field("requiredBeneficiaryInfo", types::required_beneficiary_info()),
        field("originatingVaspId", types::vasp_id().about("Who asks.")),
        field("version", types::payload_version()),
        field("ivms101", ivms101::parties_and_vasps()),
    ])
    .named("BackendVerificationQuestion");
    let answer = Answer::json("A decision.", verdict()).example(
        "verified",
        json!({
            "result": "VERIFIED", "reason": "OK", "version": "1.0",
            "ivms101": { "beneficiary": {
                "beneficiaryPersons": [ivms101::example_person("Taylor", "Robbins")], "accountNumber": [EXAMPLE_ADDRESS]
            } }
        }),
    );
    let operation = Operation::new("backendVerify", Tag::Backend, "Is this transfer welcome, and who receives it?").about(
        "At `backend.verification_url`, answered within `backend.verification_timeout` (5 s). Check name, address and KYC of the \
         beneficiary, screen the originator, apply your policy; names are not compared while `isExceedingThreshold` is `false`. Return \
         only what was asked for (the node strips the rest) and `accountNumber` unchanged, else the verification ends as \
         `BENEFICIARY-ACCOUNT-NOT-MATCHED`.",
    );
    Webhook { name: "user-verification", operation: asking(operation, question, asked_to_verify(), answer) }
}

fn verdict() -> Schema {
    let result = Schema::choice(Verdict::ALL.iter().map(|verdict| verdict.as_str()))
        .about("`VERIFIED`: the transfer may go. `DENIED`: it may not; `reason` is mandatory then. `ERROR`: no decision is possible.")
        .example("VERIFIED");
    let ivms101 = Schema::object([field("beneficiary", ivms101::given_beneficiary())])
        .about("Mandatory with `VERIFIED`.");
    Schema::object([
        field("result", result),
        optional("reason", reasons(reason::VERIFICATION_ANSWER).example("OK")),
        optional("message", types::message().or_nothing()),
        optional("version", types::payload_version()),
        optional("ivms101", ivms101),
    ])
    .named("BackendVerificationAnswer")
}

fn transaction() -> Webhook {
    let question =
        Schema::object([field("verificationUuid", types::uuid())]).named("BackendTransactionQuestion");
    let tx_hash =
        types::tx_hash().or_nothing().about("Hash of the transaction; empty or absent while there is none.");
    let answer = Schema::object([
        field("verificationUuid", types::uuid().about("As asked.")),
        field("transactionStatus", types::transaction_status()),
        optional("txHash", tx_hash),
        optional("vout", types::vout().or_nothing()),
    ])
    .named("BackendTransactionAnswer");
    let answer = Answer::json("How far it has come.", answer).example(
        "sent",
        json!({ "verificationUuid": EXAMPLE_UUID, "transactionStatus": "WAIT-CONFIRM", "txHash": "0x9f2c", "vout": "1" }),
    );
    let operation = Operation::new("backendTransaction", Tag::Backend, "How far has the transfer come?")
        .about("At `backend.transaction_url`, answered within `backend.transaction_timeout` (1 s): the counterparty waits for a deposit.");
    let example = json!({ "verificationUuid": EXAMPLE_UUID });
    Webhook { name: "transaction-status", operation: asking(operation, question, example, answer) }
}

fn asking(operation: Operation, question: Schema, example: Value, answer: Answer) -> Operation {
    let trace = Schema::of("string")
        .about("W3C Trace Context.")
        .example("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    operation
        .header("traceparent", trace, false)
        .body(question, [("question", example)])
        .secured(json!([{ "backendToken": [] }]))
        .answers(answer)
        .means(
            "default",
            "No decision. The question is asked again where there is time; at the end of it the counterparty is told that there is no \
             answer. No failure ever counts as `VERIFIED`. The same holds for an answer that breaks this description, is larger than \
             64 KB (`backend.max_answer_bytes`), or comes too late.",
        )
}

/// The only reasons that are taken; any other makes the answer unusable.
fn reasons(known: &[&'static str]) -> Schema {
    Schema::choice(known.iter().copied()).about("Why.").example("UNKNOWN-ADDRESS")
}

fn asked_to_verify() -> Value {
    json!({
        "verificationUuid": EXAMPLE_UUID,
        "assetInfo": {
            "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
            "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2022-03-03T21:52:08.092Z"
        },
        "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
        "originatingVaspId": EXAMPLE_OWN_ID, "version": "1.0",
        "ivms101": ivms101::example_parties_and_vasps()
    })
}
