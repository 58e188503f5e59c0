//! `POST /vasps/{vaspId}/account`: does this address, and this name, belong to a customer?

use serde_json::{Value, json};
use waybill_domain::{Fault, Timestamp, format_time, reason};

use crate::customers::{Book, matching};
use crate::denial::Denial;
use crate::endpoint::Endpoint;
use crate::fields;
use crate::magic::Effect;

/// The backend's answer, or the fault of a request that the interface does not allow.
pub(crate) fn check(book: &Book, body: &Value, now: Timestamp) -> Result<Value, Fault> {
    fields::vasp_id(body, "originatingVaspId")?;
    fields::text(body, "version")?;
    fields::object(body, "ivms101.beneficiary")?;
    let symbol = fields::text(body, "symbol")?;
    let network = fields::optional_text(body, "network")?;
    let address = fields::beneficiary_account(body)?;
    let persons: Vec<&Value> = fields::each(body, "ivms101.beneficiary.beneficiaryPersons").collect();

    let mut answer = match decide(book, symbol, network, address, &persons) {
        Ok(()) => json!({"accountVerificationResult": "VERIFIED"}),
        Err(denial) => denied(&denial),
    };
    answer["verifiedAt"] = json!(format_time(now));
    Ok(answer)
}

/// Symbol, network, address, name, then what is known against the customer.
fn decide(
    book: &Book,
    symbol: &str,
    network: Option<&str>,
    address: &str,
    persons: &[&Value],
) -> Result<(), Denial> {
    let owned = book.locate(symbol, network, address)?;
    if !persons.is_empty() && matching(owned.holders, persons).is_none() {
        return Err(Denial::of(reason::MISMATCHED_NAME));
    }
    match owned.effect(Endpoint::Account) {
        Effect::Deny(reason) => Err(Denial::of(reason)),
        _ => Ok(()),
    }
}

fn denied(denial: &Denial) -> Value {
    let mut answer = json!({"accountVerificationResult": denial.result, "reason": denial.reason});
    if let Some(message) = &denial.message {
        answer["message"] = json!(message);
    }
    answer
}
