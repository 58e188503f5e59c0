//! `accounts`: asks whether an account belongs to a customer; answered in the same exchange.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use waybill_domain::{AccountVerificationResult, KeyType, Timestamp, iso_time};

use super::{ReplyKey, Sealed};
use crate::Hidden;

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountsRequest {
    /// Scope of the key that seals the question.
    pub key_type: KeyType,
    /// Ticker of the asset.
    pub symbol: String,
    /// Blockchain; needed where an asset lives on several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The key to seal the answer to.
    pub reply_key: ReplyKey,
    /// An [`AccountQuestion`].
    pub sealed: Sealed,
}

/// What is sealed in the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountQuestion {
    /// Version of the payload.
    pub version: String,
    /// `{"beneficiary": …}` with one account number and, where the law wants it, names.
    pub ivms101: Hidden<Value>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsResponse {
    /// An [`AccountAnswer`].
    pub sealed: Sealed,
}

/// What is sealed in the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAnswer {
    /// Whether the account, and the name where one was sent, is a customer's.
    pub account_verification_result: AccountVerificationResult,
    /// Why not; only with a denial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the reason is about, such as the unknown symbol; may be personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Hidden<String>>,
    /// When it was looked up.
    #[serde(with = "iso_time")]
    pub verified_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wire_forms_are_as_documented() {
        let sealed = json!({"suite": "S", "keyId": "k", "enc": "", "ciphertext": ""});
        let request = json!({
            "keyType": "PerVasp", "symbol": "ETH", "network": "Ethereum",
            "replyKey": {"keyId": "r", "publicKey": "p"}, "sealed": sealed
        });
        let read: AccountsRequest = serde_json::from_value(request.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), request);

        let answer = json!({
            "accountVerificationResult": "DENIED", "reason": "UNKNOWN-ADDRESS", "message": "0x58",
            "verifiedAt": "2026-01-02T03:04:05.006Z"
        });
        let read: AccountAnswer = serde_json::from_value(answer.clone()).unwrap();
        assert!(!format!("{read:?}").contains("0x58"));
        assert_eq!(serde_json::to_value(read).unwrap(), answer);
    }
}
