//! `POST /vasps/{vaspId}/verification`: who sends and who receives; accept or deny.

mod decide;
mod disclose;
mod originator;
mod request;

use serde_json::{Value, json};
use waybill_domain::Fault;

use crate::customers::Book;
use request::VerificationRequest;

pub(crate) use originator::BLACKLISTED_ORIGINATOR;

/// The account a backend names when it is told to name another one.
const OTHER_ACCOUNT: &str = "0x5a4db0c5000000000000000000000000000000ff";

/// The backend's answer, or the fault of a request that the interface does not allow.
pub(crate) fn verify(book: &Book, body: &Value) -> Result<Value, Fault> {
    let request = VerificationRequest::read(body)?;
    let decision = decide::decide(book, &request);
    let mut answer = match &decision {
        Ok(_) => json!({"result": "VERIFIED", "reason": "OK"}),
        Err(denial) => json!({"result": denial.result, "reason": denial.reason}),
    };
    if let Some(message) = decision.as_ref().err().and_then(|denial| denial.message.as_ref()) {
        answer["message"] = json!(message);
    }
    let mut beneficiary = serde_json::Map::new();
    let mut account = request.address;
    if let Ok(accepted) = decision {
        beneficiary.insert("beneficiaryPersons".to_owned(), Value::Array(accepted.persons));
        if accepted.names_other_account {
            account = OTHER_ACCOUNT;
        }
    }
    beneficiary.insert("accountNumber".to_owned(), json!([account]));
    answer["version"] = json!(request.version);
    answer["ivms101"] = json!({"beneficiary": beneficiary});
    Ok(answer)
}
