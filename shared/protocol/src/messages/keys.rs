//! `keys`: asks a member for an encryption key.

use serde::{Deserialize, Serialize};
use waybill_domain::{KeyType, Timestamp, VerificationUuid, iso_time};

use crate::Hidden;

/// Asks for a key of one scope. A key is given for any address: asking does not reveal whether it exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysRequest {
    /// Scope of the key.
    pub key_type: KeyType,
    /// The beneficiary's address; with `PerAddress` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Hidden<String>>,
    /// The verification; with `PerVerification` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_uuid: Option<VerificationUuid>,
}

/// The key. The response's signature binds it to its scope and its expiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysResponse {
    /// As asked.
    pub key_type: KeyType,
    /// As asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Hidden<String>>,
    /// As asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_uuid: Option<VerificationUuid>,
    /// The owner's name for the key, at most 64 characters.
    pub key_id: String,
    /// X25519, base64url without padding.
    pub public_key: String,
    /// Not to be used for sealing after this.
    #[serde(with = "iso_time")]
    pub expires_at: Timestamp,
}

impl KeysResponse {
    /// Whether the key is for what was asked, and not for another scope, address or verification.
    pub fn answers(&self, request: &KeysRequest) -> bool {
        self.key_type == request.key_type
            && self.address == request.address
            && self.verification_uuid == request.verification_uuid
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wire_form_is_as_documented() {
        let json = json!({
            "keyType": "PerAddress", "address": "0x58", "keyId": "k1", "publicKey": "AAAA",
            "expiresAt": "2026-01-02T03:04:05.006Z"
        });
        let response: KeysResponse = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&response).unwrap(), json);
        assert!(!format!("{response:?}").contains("0x58"));
    }

    #[test]
    fn an_answer_for_something_else_is_noticed() {
        let request = |address: Option<&str>| KeysRequest {
            key_type: KeyType::PerAddress,
            address: address.map(|text| text.to_owned().into()),
            verification_uuid: None,
        };
        let response: KeysResponse = serde_json::from_value(json!({
            "keyType": "PerAddress", "address": "0x58", "keyId": "k", "publicKey": "", "expiresAt": "2026-01-02T03:04:05Z"
        }))
        .unwrap();
        assert!(response.answers(&request(Some("0x58"))));
        assert!(!response.answers(&request(Some("0x59"))));
        assert!(!response.answers(&request(None)));
        assert!(!response.answers(&KeysRequest { key_type: KeyType::PerVasp, ..request(Some("0x58")) }));
    }
}
