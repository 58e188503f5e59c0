//! A member as the directory describes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use waybill_domain::{Timestamp, VaspId, iso_time};

use crate::Endpoint;

/// One VASP of the alliance. Public knowledge: nothing here is personal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Id, the same for everybody.
    pub vasp_id: VaspId,
    /// Name for people.
    pub vasp_name: String,
    /// The legal person in IVMS101: `{"legalPerson": {…}}`.
    pub legal_person: Value,
    /// Where it is licensed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Country of the legal person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The same as ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// `Regulated`, `Unregulated`, `Processing` or absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensed_status: Option<String>,
    /// `VERIFIED-MEMBER` for a member with a running node; `UNVERIFIED`, `VERIFIED`, `INTEROPERATED`.
    pub vasp_status: String,
    /// Whether messages may be exchanged with it now.
    pub active: bool,
    /// Where its node listens.
    pub endpoint: Endpoint,
    /// The keys that speak for it, several while they are rotated.
    pub identity_keys: Vec<IdentityKeyEntry>,
    /// Protocols that its node speaks, such as `ALLIANCE`.
    pub protocols: Vec<String>,
    /// What it deals in.
    #[serde(default)]
    pub assets: Vec<MemberAsset>,
    /// When it joined.
    #[serde(with = "iso_time")]
    pub created_at: Timestamp,
    /// When its entry was changed last.
    #[serde(with = "iso_time")]
    pub updated_at: Timestamp,
}

impl Member {
    /// Name of the legal person: its `LEGL` name, else its first one.
    pub fn legal_name(&self) -> Option<&str> {
        let names = self.legal_person.pointer("/legalPerson/name/nameIdentifier")?.as_array()?;
        let is_legal = |name: &&Value| name["legalPersonNameIdentifierType"] == "LEGL";
        names.iter().find(is_legal).or(names.first())?.get("legalPersonName")?.as_str()
    }
}

/// An identity key and when it is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityKeyEntry {
    /// First 16 base64url characters of the SHA-256 of the key.
    pub key_id: String,
    /// Ed25519, base64url without padding.
    pub public_key: String,
    /// Valid from then on.
    #[serde(with = "iso_time")]
    pub not_before: Timestamp,
    /// Not valid from then on.
    #[serde(with = "iso_time")]
    pub not_after: Timestamp,
}

/// An asset and the chains on which a member holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAsset {
    /// Ticker.
    pub symbol: String,
    /// Names of chains.
    pub networks: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with_names(names: &Value) -> Member {
        serde_json::from_value(json!({
            "vaspId": "1", "vaspName": "A", "legalPerson": {"legalPerson": {"name": {"nameIdentifier": names}}},
            "vaspStatus": "VERIFIED-MEMBER", "active": true, "endpoint": "https://a.example",
            "identityKeys": [], "protocols": ["ALLIANCE"],
            "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"
        }))
        .unwrap()
    }

    #[test]
    fn the_legal_name_is_the_one_in_the_register() {
        let names = json!([
            {"legalPersonName": "A", "legalPersonNameIdentifierType": "TRAD"},
            {"legalPersonName": "A Company", "legalPersonNameIdentifierType": "LEGL"}
        ]);
        assert_eq!(with_names(&names).legal_name(), Some("A Company"));
        assert_eq!(with_names(&json!([{"legalPersonName": "A"}])).legal_name(), Some("A"));
        for none in [json!([]), json!(null), json!([{}]), json!([1])] {
            assert_eq!(with_names(&none).legal_name(), None, "{none}");
        }
    }
}
