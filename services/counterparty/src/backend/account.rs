//! The account check: does this address, and this name, belong to a customer?

use serde_json::{Value, json};
use waybill_domain::{AccountVerificationResult, Timestamp, VaspId, parse_time, reason};
use waybill_protocol::Hidden;

use super::call::Endpoint;
use super::{Backend, BackendError, answer};

/// What is asked about an account.
#[derive(Debug, Clone)]
pub struct AccountCheck<'a> {
    /// Who asks.
    pub originating_vasp_id: VaspId,
    /// Ticker.
    pub symbol: &'a str,
    /// Blockchain.
    pub network: Option<&'a str>,
    /// Version of the payload.
    pub version: &'a str,
    /// `{"beneficiary"}`: the account, and names where they are compared.
    pub ivms101: Hidden<&'a Value>,
}

/// What the backend says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountVerdict {
    /// Whose customer it is.
    pub result: AccountVerificationResult,
    /// Why it is denied.
    pub reason: Option<&'static str>,
    /// What the reason is about.
    pub message: Option<Hidden<String>>,
    /// When the backend looked.
    pub verified_at: Timestamp,
}

impl Backend {
    /// Asks about an account.
    ///
    /// # Errors
    /// [`BackendError`]. None of them means that the account is denied.
    pub async fn check_account(&self, check: AccountCheck<'_>) -> Result<AccountVerdict, BackendError> {
        let mut question = json!({
            "originatingVaspId": check.originating_vasp_id, "symbol": check.symbol, "version": check.version,
            "ivms101": check.ivms101.0
        });
        if let Some(network) = check.network {
            question["network"] = network.into();
        }
        let endpoint = Endpoint {
            destination: "backend:account",
            url: self.settings.account_url.as_ref(),
            timeout: self.settings.account_timeout,
        };
        read(&self.ask(endpoint, &question).await?)
    }
}

fn read(answer: &Value) -> Result<AccountVerdict, BackendError> {
    let result = answer::parsed(answer, "accountVerificationResult")?;
    let reason = match result {
        // Some backends say OK here as they do in a verification.
        AccountVerificationResult::Verified => answer::reason(answer, &[reason::OK])?.and(None),
        AccountVerificationResult::Denied => answer::reason(answer, reason::ACCOUNT_ANSWER)?,
    };
    let verified_at = answer::text(answer, "verifiedAt")?.and_then(|text| parse_time(text).ok());
    Ok(AccountVerdict {
        result,
        reason,
        message: answer::message(answer)?,
        verified_at: verified_at.ok_or(BackendError::InvalidAnswer("verifiedAt"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2022-03-03T21:52:08.092Z";

    #[test]
    fn both_results_are_read_with_every_reason() {
        let verified = read(&json!({"accountVerificationResult": "VERIFIED", "verifiedAt": AT})).unwrap();
        assert_eq!((verified.result, verified.reason), (AccountVerificationResult::Verified, None));
        for reason in reason::ACCOUNT_ANSWER {
            let answer = json!({
                "accountVerificationResult": "DENIED", "reason": reason, "message": "0x58", "verifiedAt": AT
            });
            let denied = read(&answer).unwrap();
            assert_eq!((denied.result, denied.reason), (AccountVerificationResult::Denied, Some(*reason)));
            assert!(!format!("{denied:?}").contains("0x58"));
        }
    }

    #[test]
    fn what_breaks_the_interface_is_named() {
        for (answer, field) in [
            (json!({"verifiedAt": AT}), "accountVerificationResult"),
            (json!({"accountVerificationResult": true, "verifiedAt": AT}), "accountVerificationResult"),
            (json!({"accountVerificationResult": "OK", "verifiedAt": AT}), "accountVerificationResult"),
            (json!({"accountVerificationResult": "VERIFIED"}), "verifiedAt"),
            (json!({"accountVerificationResult": "VERIFIED", "verifiedAt": "now"}), "verifiedAt"),
            (
                json!({"accountVerificationResult": "VERIFIED", "reason": "BLACKLISTED", "verifiedAt": AT}),
                "reason",
            ),
            (
                json!({"accountVerificationResult": "DENIED", "reason": "LACK-OF-INFORMATION", "verifiedAt": AT}),
                "reason",
            ),
        ] {
            assert_eq!(read(&answer), Err(BackendError::InvalidAnswer(field)), "{answer}");
        }
    }
}
