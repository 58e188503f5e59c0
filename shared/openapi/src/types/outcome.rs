//! What is asked, and how it ends.

use waybill_domain::{AccountVerificationResult, InfoCode, TransactionStatus, limits};

use crate::Schema;

/// How widely a sealing key is shared.
pub fn key_type() -> Schema {
    Schema::choice(["PerVasp", "PerAddress", "PerVerification"])
        .about("How widely the counterparty's sealing key is shared: by the whole VASP, by one address, by nothing else. `PerEoa` is read as `PerAddress`.")
        .example("PerVasp")
        .named("KeyType")
}

/// The data that is asked for.
pub fn required_beneficiary_info() -> Schema {
    let codes: Vec<&str> = InfoCode::ALL.iter().map(|code| code.as_str()).collect();
    Schema::of("string")
        .with("minLength", 1)
        .about(format!(
            "What is asked of the beneficiary: codes separated by commas. The counterparty gives nothing else. Codes: `{}`.",
            codes.join("`, `")
        ))
        .example("NATURAL_PERSON_NAME,ACCOUNT_NUMBER")
}

/// The result of an account check.
pub fn account_result() -> Schema {
    Schema::choice(AccountVerificationResult::ALL.iter().map(|result| result.as_str()))
        .about("`VERIFIED`: the account, and the name where one was sent, belongs to a customer. `DENIED`: it does not.")
        .example("DENIED")
        .named("AccountVerificationResult")
}

/// Where a transfer stands.
pub fn transaction_status() -> Schema {
    Schema::choice(TransactionStatus::ALL.iter().map(|status| status.as_str()))
        .about(
            "`PENDING`: not started. `PROCESSING`: being made. `WAIT-CONFIRM`: sent, not final. `CONFIRMED`: final. \
             `CANCELED`: will never happen.",
        )
        .example("WAIT-CONFIRM")
        .named("TransactionStatus")
}

/// A reason; `usual` are those that the program knows.
pub fn reason(usual: &[&'static str]) -> Schema {
    let usual = usual.join("`, `");
    Schema::text(limits::REASON)
        .about(format!("Why. Usual: `{usual}`; others may come."))
        .example("UNKNOWN-ADDRESS")
}

/// A free text.
pub fn message() -> Schema {
    Schema::text(limits::MESSAGE)
        .about("What the reason is about: the unknown symbol, network or address, or free text. May be personal data.")
        .example("'network' is necessary")
}
