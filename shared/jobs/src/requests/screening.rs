//! Questions to the services `chainalysis` and `refinitiv`.

use serde::{Deserialize, Serialize};
use waybill_domain::VerificationUuid;

use super::Request;

/// What all three answer: the name of the risk assessment. Its row says the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScreeningAnswer {
    /// A UUID, new for each risk assessment.
    pub request_id: String,
}

/// The `Idempotency-Key` that a request came with: its answer is kept in the transaction that takes it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeepAnswer {
    /// Whose keys they are, and for which endpoint.
    pub scope: String,
    /// The key.
    pub key: String,
    /// Keyed digest of the body.
    pub digest: String,
}

/// Is the counterparty's address of a verification on a sanctions list?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskSanction {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

impl Request for AskSanction {
    const KIND: &'static str = "ask-sanction";
    type Answer = ScreeningAnswer;
}

/// Register the counterparty's address, or the transaction, with Chainalysis KYT.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterKyt {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// In place of the verification's network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The request may be repeated under this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeatable: Option<KeepAnswer>,
}

impl Request for RegisterKyt {
    const KIND: &'static str = "register-kyt";
    type Answer = ScreeningAnswer;
}

/// Open World-Check cases for the counterparty's persons of a verification.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterWco {
    /// A name for this request, to which `payload_sealed` is bound.
    pub request_name: String,
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// `{"version", "ivms101"}` with the persons in place of the verification's, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_sealed: Option<String>,
    /// The request may be repeated under this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeatable: Option<KeepAnswer>,
}

impl Request for RegisterWco {
    const KIND: &'static str = "register-wco";
    type Answer = ScreeningAnswer;
}
