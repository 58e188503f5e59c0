//! `verifications`: asks to verify the beneficiary; answered in the same exchange, or accepted and answered later.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use waybill_domain::{
    AssetInfo, KeyType, RequiredBeneficiaryInfo, Timestamp, Verdict, VerificationUuid, iso_time,
};

use super::{ReplyKey, Sealed};
use crate::Hidden;

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationsRequest {
    /// The originator's id for the verification; both sides use it.
    pub verification_uuid: VerificationUuid,
    /// Scope of the key that seals the question.
    pub key_type: KeyType,
    /// No answer is wanted after this.
    #[serde(with = "iso_time")]
    pub expires_at: Timestamp,
    /// What is to be transferred.
    pub asset_info: AssetInfo,
    /// Which data about the beneficiary is asked for; nothing else may come back.
    pub required_beneficiary_info: RequiredBeneficiaryInfo,
    /// The key to seal the answer to.
    pub reply_key: ReplyKey,
    /// A [`VerificationQuestion`].
    pub sealed: Sealed,
}

/// What is sealed in the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationQuestion {
    /// Version of the payload.
    pub version: String,
    /// `{"originator", "beneficiary", "originatingVASP", "beneficiaryVASP"}`.
    pub ivms101: Hidden<Value>,
}

/// Status 200: answered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationAnswered {
    /// As asked.
    pub verification_uuid: VerificationUuid,
    /// A [`VerificationAnswer`].
    pub sealed: Sealed,
}

/// Status 202: stored; the answer follows as an `answers` message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationAccepted {
    /// As asked.
    pub verification_uuid: VerificationUuid,
    /// Always `ACCEPTED`.
    pub status: AcceptedStatus,
}

/// The status of an accepted verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AcceptedStatus {
    /// Stored, not yet answered.
    #[serde(rename = "ACCEPTED")]
    Accepted,
}

/// What is sealed in the answer, whether it comes at once or later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationAnswer {
    /// What the beneficiary VASP decided.
    pub result: Verdict,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the reason is about; may be personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Hidden<String>>,
    /// When it was decided.
    #[serde(with = "iso_time")]
    pub verified_at: Timestamp,
    /// Version of the payload; with `ivms101`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `{"beneficiary": …}`, stripped to what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ivms101: Option<Hidden<Value>>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const UUID: &str = "6e1f2e4c-7a68-4b8b-9d2a-0f5b7f3f2f11";

    #[test]
    fn the_wire_forms_are_as_documented() {
        let sealed = json!({"suite": "S", "keyId": "k", "enc": "", "ciphertext": ""});
        let request = json!({
            "verificationUuid": UUID, "keyType": "PerVerification", "expiresAt": "2026-01-02T03:04:05.000Z",
            "assetInfo": {
                "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
                "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2022-03-03T21:52:08.092Z"
            },
            "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
            "replyKey": {"keyId": "r", "publicKey": "p"}, "sealed": sealed
        });
        let read: VerificationsRequest = serde_json::from_value(request.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), request);

        let accepted = json!({"verificationUuid": UUID, "status": "ACCEPTED"});
        let read: VerificationAccepted = serde_json::from_value(accepted.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), accepted);
        assert!(serde_json::from_value::<VerificationAnswered>(accepted).is_err(), "202 is no answer");
    }

    #[test]
    fn debug_shows_no_person() {
        let answer: VerificationAnswer = serde_json::from_value(json!({
            "result": "DENIED", "message": "Taylor", "verifiedAt": "2026-01-02T03:04:05Z", "ivms101": {"name": "Taylor"}
        }))
        .unwrap();
        assert!(!format!("{answer:?}").contains("Taylor"));
    }
}
