//! The requests of a usual withdrawal, as `docs/SANDBOX.md` describes them, and how tests change them.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::party::{OUR_ID, ROBOT_ID};

/// Where Taylor Robbins and A Company, customers of the robot, receive ETH.
pub const ROBOT_ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
/// Where Park Mina, our customer, receives ETH.
pub const OUR_ADDRESS: &str = "0xce9c5fe2b18e6cf1f6cbc0b5c468036d705ffc10";

/// Does the robot's usual address belong to a customer?
pub fn account_check() -> Value {
    json!({
        "keyType": "PerVasp",
        "beneficiaryVaspId": ROBOT_ID,
        "symbol": "ETH",
        "network": "Ethereum",
        "payload": {"version": "1.0", "ivms101": {"beneficiary": {"accountNumber": [ROBOT_ADDRESS]}}}
    })
}

/// 1.5 ETH from Alex Doe to Taylor Robbins. The originator's account is another one in every call.
pub fn verification() -> Value {
    json!({
        "keyType": "PerVasp",
        "beneficiaryVaspId": ROBOT_ID,
        "assetInfo": {
            "symbol": "ETH",
            "network": "Ethereum",
            "amount": "1.5",
            "isExceedingThreshold": true,
            "tradePrice": "2500.00",
            "tradeCurrency": "USD",
            "tradeISODatetime": "2026-03-03T21:52:08.092Z"
        },
        "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
        "payload": {
            "version": "1.0",
            "ivms101": {
                "originator": {
                    "originatorPersons": [person("Alex", "Doe", Some("1984-09-30"))],
                    "accountNumber": [unique("account")]
                },
                "beneficiary": {
                    "beneficiaryPersons": [person("Taylor", "Robbins", None)],
                    "accountNumber": [ROBOT_ADDRESS]
                }
            }
        }
    })
}

/// 1.5 ETH from Alex Doe to Park Mina, our customer: for the robot, or for ourselves.
pub fn to_us() -> Value {
    let request = edit(verification(), "beneficiaryVaspId", json!(OUR_ID));
    let persons = json!([person("Park", "Mina", None)]);
    let request = edit(request, "payload.ivms101.beneficiary.beneficiaryPersons", persons);
    edit(request, "payload.ivms101.beneficiary.accountNumber", json!([OUR_ADDRESS]))
}

/// A natural person in IVMS101.
pub fn person(primary: &str, secondary: &str, born: Option<&str>) -> Value {
    let mut person = json!({"naturalPerson": {"name": {"nameIdentifier": [{
        "primaryIdentifier": primary,
        "secondaryIdentifier": secondary,
        "nameIdentifierType": "LEGL"
    }]}}});
    if let Some(born) = born {
        person["naturalPerson"]["dateAndPlaceOfBirth"] =
            json!({"dateOfBirth": born, "placeOfBirth": "Leeds"});
    }
    person
}

/// The first name identifier of a natural person: primary, secondary.
pub fn name_of(person: &Value) -> (String, String) {
    let name = &person["naturalPerson"]["name"]["nameIdentifier"][0];
    let part = |part: &str| name[part].as_str().unwrap_or_default().to_owned();
    (part("primaryIdentifier"), part("secondaryIdentifier"))
}

/// Puts `value` at a dotted path; `null` leaves the field out, as in the tables of `docs/SANDBOX.md`.
pub fn edit(mut request: Value, path: &str, value: Value) -> Value {
    let (parents, field) = path.rsplit_once('.').unwrap_or(("", path));
    let pointer: String =
        parents.split('.').filter(|part| !part.is_empty()).map(|part| format!("/{part}")).collect();
    let parent = request.pointer_mut(&pointer).and_then(Value::as_object_mut);
    let parent = parent.unwrap_or_else(|| panic!("no object at {parents:?}"));
    match value {
        Value::Null => drop(parent.shift_remove(field)),
        value => drop(parent.insert(field.to_owned(), value)),
    }
    request
}

/// A text that no other call gives in this run of the tests.
pub fn unique(what: &str) -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("{what}-{}-{}", std::process::id(), LAST.fetch_add(1, Ordering::Relaxed))
}

/// A transaction hash that no other call gives in this run of the tests.
pub fn unique_hash() -> String {
    format!("0x{}", hex::encode(format!("{:>32}", unique("tx"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_changed_added_and_left_out() {
        let request = edit(json!({"a": {"b": 1}}), "a.b", json!(2));
        let request = edit(request, "a.c", json!([3]));
        assert_eq!(edit(request.clone(), "d", json!(4)), json!({"a": {"b": 2, "c": [3]}, "d": 4}));
        assert_eq!(edit(request, "a.b", Value::Null), json!({"a": {"c": [3]}}));
    }

    #[test]
    fn unique_texts_differ() {
        assert_ne!(unique("x"), unique("x"));
        let hash = unique_hash();
        assert_eq!(hash.len(), 66);
        assert_ne!(hash, unique_hash());
    }
}
