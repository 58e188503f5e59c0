//! Who takes part, and what they say.

use serde_json::{Value, json};
use waybill_crypto::IdentityKey;
use waybill_domain::{VaspId, VerificationUuid};

pub const OURS: VaspId = VaspId::new(15_952_089_931_162_059_995);
pub const ROBOT: VaspId = VaspId::new(27_372_039_731_940_770);
/// A third member.
pub const OTHER: VaspId = VaspId::new(33);
/// A member that is not active.
pub const RESTING: VaspId = VaspId::new(44);
/// No member.
pub const STRANGER: VaspId = VaspId::new(55);

pub const ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
pub const ASKED: &str = "NATURAL_PERSON_NAME,ACCOUNT_NUMBER";

/// The identity key of a VASP.
pub fn identity(vasp: VaspId) -> IdentityKey {
    let seed = vasp.get().to_be_bytes()[7];
    IdentityKey::from_seed(&[seed; 32])
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

/// The personal data of a question.
pub fn payload() -> Value {
    json!({"version": "1.0", "ivms101": {"originator": originator(), "beneficiary": beneficiary(ADDRESS)}})
}

pub fn asset() -> Value {
    json!({
        "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
        "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2026-01-02T03:04:05.000Z",
    })
}

/// What a beneficiary VASP says when all is well, to its node and as a sealed answer.
pub fn verified() -> Value {
    json!({"result": "VERIFIED", "reason": "OK", "version": "1.0", "ivms101": {"beneficiary": beneficiary(ADDRESS)}})
}

pub fn denied(reason: &str) -> Value {
    json!({"result": "DENIED", "reason": reason, "message": "Taylor"})
}

/// The same as a sealed answer of another node.
pub fn as_answer(mut said: Value) -> Value {
    said["verifiedAt"] = json!("2026-01-02T03:04:06.000Z");
    said
}
