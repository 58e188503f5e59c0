//! Who sends and who receives. All invented; the beneficiaries are customers that the sandbox knows.

use serde_json::{Value, json};

/// Our customer, who sends.
pub const OUR_ORIGINATOR: (&str, &str) = ("Barnes", "Robert");
pub const OUR_ORIGINATOR_BORN: &str = "1984-05-17";
/// The robot's customer, who receives, and once sends.
pub const TAYLOR_ROBBINS: (&str, &str) = ("Taylor", "Robbins");
pub const TAYLOR_ROBBINS_BORN: &str = "1990-05-17";
/// Nobody's customer.
pub const STRANGER: (&str, &str) = ("Sam", "Stranger");
/// Our customer, who receives.
pub const OUR_COMPANY: &str = "Harbour Light Trading Ltd";

/// Where they receive ETH.
pub const ROBOT_ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";
pub const OUR_ADDRESS: &str = "0x914767ea75a01cb0fbbf87404c51cad69a4fcffc";

/// What may be read by the two backends only. Long enough not to occur by chance in kilobytes of base64.
pub const PERSONAL: [&str; 11] = [
    "Barnes",
    "Robert",
    OUR_ORIGINATOR_BORN,
    "Taylor",
    "Robbins",
    TAYLOR_ROBBINS_BORN,
    "Stranger",
    "Harbour Light",
    "changed their mind",
    ROBOT_ADDRESS,
    OUR_ADDRESS,
];

/// A natural person in IVMS101.
pub fn natural(name: (&str, &str), born: Option<&str>) -> Value {
    let mut person = json!({"naturalPerson": {"name": {"nameIdentifier": [{
        "primaryIdentifier": name.0,
        "secondaryIdentifier": name.1,
        "nameIdentifierType": "LEGL"
    }]}}});
    if let Some(born) = born {
        person["naturalPerson"]["dateAndPlaceOfBirth"] =
            json!({"dateOfBirth": born, "placeOfBirth": "Springfield"});
    }
    person
}

/// A legal person in IVMS101.
pub fn legal(name: &str) -> Value {
    json!({"legalPerson": {"name": {"nameIdentifier": [{
        "legalPersonName": name,
        "legalPersonNameIdentifierType": "LEGL"
    }]}}})
}
