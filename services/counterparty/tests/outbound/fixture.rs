//! Who takes part, and what they say.

use serde_json::{Value, json};
use waybill_crypto::IdentityKey;
use waybill_domain::{VaspId, VerificationUuid};

pub const OURS: VaspId = VaspId::new(15_952_089_931_162_059_995);
pub const PEER: VaspId = VaspId::new(27_372_039_731_940_770);
pub const ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
pub const ASKED: &str = "NATURAL_PERSON_NAME,ACCOUNT_NUMBER";

/// The identity key of a VASP.
pub fn identity(vasp: VaspId) -> IdentityKey {
    IdentityKey::from_seed(&[if vasp == OURS { 1 } else { 2 }; 32])
}

/// Another identity key of the peer, for the time in which one takes the place of the other.
pub fn other_identity(times: Listed) -> IdentityKey {
    IdentityKey::from_seed(&[10 + times as u8; 32])
}

/// When another identity key of the peer is good, as the directory says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Some minutes more.
    Leaving,
    /// Since some minutes.
    Coming,
    /// No longer.
    Over,
    /// Not yet.
    Early,
}

pub fn uuid(byte: u8) -> VerificationUuid {
    VerificationUuid::from_random([byte; 16])
}

fn natural_person(primary: &str, secondary: &str) -> Value {
    let name =
        json!({"primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL"});
    json!({"naturalPerson": {"name": {"nameIdentifier": [name]}}})
}

pub fn originator() -> Value {
    json!({"originatorPersons": [natural_person("Barnes", "Robert")], "accountNumber": ["0xorig"]})
}

pub fn beneficiary(account: &str) -> Value {
    json!({"beneficiaryPersons": [natural_person("Robbins", "Taylor")], "accountNumber": [account]})
}

/// More than was asked for.
pub fn talkative_beneficiary() -> Value {
    let mut party = beneficiary(ADDRESS);
    party["beneficiaryPersons"][0]["naturalPerson"]["dateAndPlaceOfBirth"] =
        json!({"dateOfBirth": "1990-01-02", "placeOfBirth": "Springfield"});
    party
}

/// What a peer seals when it confirms.
pub fn verified(beneficiary: &Value) -> Value {
    json!({
        "result": "VERIFIED", "reason": "OK", "verifiedAt": "2026-01-02T03:04:06.000Z",
        "version": "1.0", "ivms101": {"beneficiary": beneficiary},
    })
}

pub fn denied(reason: &str, message: &str) -> Value {
    json!({"result": "DENIED", "reason": reason, "message": message, "verifiedAt": "2026-01-02T03:04:06.000Z"})
}
