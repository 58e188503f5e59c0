//! The user verification: is the transfer welcome, and who receives it?

use serde_json::{Value, json};
use waybill_context::Parties;
use waybill_domain::{AssetInfo, VaspId, Verdict, VerificationUuid, reason};
use waybill_ivms101::model::Party;
use waybill_ivms101::read_answer;
use waybill_protocol::Hidden;

use super::call::Endpoint;
use super::{Backend, BackendError, answer};

/// What is asked about a transfer.
#[derive(Debug, Clone)]
pub struct VerificationCheck<'a> {
    /// The verification.
    pub uuid: VerificationUuid,
    /// What is to be transferred.
    pub asset: &'a AssetInfo,
    /// Which data about the beneficiary is asked for, comma-separated codes.
    pub required_beneficiary_info: &'a str,
    /// Who asks.
    pub originating_vasp_id: VaspId,
    /// Version of the payload.
    pub version: &'a str,
    /// `{"originator", "beneficiary", "originatingVASP", "beneficiaryVASP"}`.
    pub ivms101: Hidden<&'a Parties>,
}

/// What the backend says of it. Consistent in itself; whether it fits the question is for the caller to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendVerdict {
    /// Its decision.
    pub verdict: Verdict,
    /// Why.
    pub reason: &'static str,
    /// What the reason is about.
    pub message: Option<Hidden<String>>,
    /// The beneficiary, not yet cut down to what was asked for; always there with `VERIFIED`.
    pub beneficiary: Option<Party>,
}

impl Backend {
    /// Asks about a transfer.
    ///
    /// # Errors
    /// [`BackendError`]. None of them means that the transfer is denied or allowed.
    pub async fn verify(&self, check: VerificationCheck<'_>) -> Result<BackendVerdict, BackendError> {
        let question = json!({
            "verificationUuid": check.uuid, "assetInfo": check.asset,
            "requiredBeneficiaryInfo": check.required_beneficiary_info,
            "originatingVaspId": check.originating_vasp_id, "version": check.version, "ivms101": check.ivms101.0
        });
        let endpoint = Endpoint {
            destination: "backend:verification",
            url: self.settings.verification_url.as_ref(),
            timeout: self.settings.verification_timeout,
        };
        read(&self.ask(endpoint, &question).await?)
    }
}

fn read(answer: &Value) -> Result<BackendVerdict, BackendError> {
    let verdict = answer::parsed(answer, "result")?;
    let ivms101 = answer.get("ivms101").filter(|value| !value.is_null());
    let beneficiary = ivms101.map(|ivms101| read_answer(ivms101, "ivms101"));
    let beneficiary = match (verdict, beneficiary) {
        (_, Some(Ok(read))) => Some(read.value),
        // A refusal counts, whatever else is in it.
        (Verdict::Denied | Verdict::Error, _) => None,
        (Verdict::Verified, _) => return Err(BackendError::InvalidAnswer("ivms101")),
    };
    Ok(BackendVerdict {
        verdict,
        reason: reason_of(verdict, answer)?,
        message: answer::message(answer)?,
        beneficiary,
    })
}

/// `OK` goes with `VERIFIED` and with nothing else; a denial must say why.
fn reason_of(verdict: Verdict, answer: &Value) -> Result<&'static str, BackendError> {
    let given = answer::reason(answer, reason::VERIFICATION_ANSWER)?;
    match (verdict, given) {
        (Verdict::Verified, None | Some(reason::OK)) => Ok(reason::OK),
        (Verdict::Error, None | Some(reason::UNDEFINED_ERROR)) => Ok(reason::UNDEFINED_ERROR),
        (Verdict::Denied, Some(given)) if given != reason::OK => Ok(given),
        _ => Err(BackendError::InvalidAnswer("reason")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beneficiary() -> Value {
        json!({"beneficiary": {"accountNumber": ["0x58"]}})
    }

    #[test]
    fn a_verified_answer_names_the_beneficiary() {
        let answer =
            json!({"result": "VERIFIED", "reason": "OK", "version": "1.0", "ivms101": beneficiary()});
        let verdict = read(&answer).unwrap();
        assert_eq!((verdict.verdict, verdict.reason), (Verdict::Verified, "OK"));
        assert_eq!(verdict.beneficiary.unwrap().account_number(), Some("0x58"));
    }

    #[test]
    fn denials_have_every_reason_but_ok_and_need_no_beneficiary() {
        for reason in reason::VERIFICATION_ANSWER.iter().filter(|reason| **reason != reason::OK) {
            let answer = json!({"result": "DENIED", "reason": reason, "ivms101": {"beneficiary": 7}});
            let verdict = read(&answer).unwrap();
            assert_eq!((verdict.verdict, verdict.reason), (Verdict::Denied, *reason));
            assert_eq!(verdict.beneficiary, None);
        }
        assert_eq!(read(&json!({"result": "ERROR"})).unwrap().reason, reason::UNDEFINED_ERROR);
    }

    #[test]
    fn what_breaks_the_interface_is_named() {
        for (answer, field) in [
            (json!({"reason": "OK"}), "result"),
            (json!({"result": "WAIT", "reason": "OK"}), "result"),
            (json!({"result": "VERIFIED", "reason": "OK"}), "ivms101"),
            (json!({"result": "VERIFIED", "reason": "OK", "ivms101": {}}), "ivms101"),
            (json!({"result": "VERIFIED", "reason": "NOT-ALLOWED", "ivms101": beneficiary()}), "reason"),
            (json!({"result": "DENIED", "reason": "OK"}), "reason"),
            (json!({"result": "DENIED"}), "reason"),
            (json!({"result": "DENIED", "reason": "REQUEST-TIMEOUT"}), "reason"),
            (json!({"result": "ERROR", "reason": "BLACKLISTED"}), "reason"),
            (json!({"result": "DENIED", "reason": "BLACKLISTED", "message": []}), "message"),
        ] {
            assert_eq!(read(&answer), Err(BackendError::InvalidAnswer(field)), "{answer}");
        }
    }
}
