//! The account check, by the interface's own examples.

mod common;

use common::{Fixture, NOW, OURS, ROBOT, TAYLORS, account_request, legal, natural, set};
use serde_json::{Value, json};

async fn check(fixture: &Fixture, persons: Option<Value>) -> Value {
    let mut request = account_request();
    set(&mut request, "ivms101.beneficiary.beneficiaryPersons", persons.unwrap_or_default());
    let answer = fixture.post(ROBOT, "account", &request).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

#[tokio::test]
async fn the_four_examples_are_verified() {
    let fixture = Fixture::new();
    let verified = json!({"accountVerificationResult": "VERIFIED", "verifiedAt": NOW});
    let natural_person = json!([natural("Taylor", "Robbins")]);
    let legal_person = json!([legal("A Company"), natural("Taylor", "Robbins")]);
    for persons in [None, Some(natural_person), None, Some(legal_person)] {
        assert_eq!(check(&fixture, persons).await, verified);
    }
}

#[tokio::test]
async fn the_four_denials_come_out_as_printed() {
    let fixture = Fixture::new();
    let denials = [
        (vec![("symbol", json!("NOPE"))], json!({"reason": "UNKNOWN-SYMBOL"})),
        (
            vec![("symbol", json!("USDT")), ("network", Value::Null)],
            json!({"reason": "UNKNOWN-NETWORK", "message": "'network' is necessary"}),
        ),
        (vec![("ivms101.beneficiary.accountNumber", json!(["0x58"]))], json!({"reason": "UNKNOWN-ADDRESS"})),
        (
            vec![("ivms101.beneficiary.beneficiaryPersons", json!([natural("Tailor", "Robbins")]))],
            json!({"reason": "MISMATCHED-NAME"}),
        ),
    ];
    for (edits, mut expected) in denials {
        let mut request = account_request();
        for (path, value) in edits {
            set(&mut request, path, value);
        }
        expected["accountVerificationResult"] = json!("DENIED");
        expected["verifiedAt"] = json!(NOW);
        assert_eq!(fixture.post(ROBOT, "account", &request).await.json(), expected);
    }
}

#[tokio::test]
async fn both_vasps_have_customers_of_their_own() {
    let fixture = Fixture::new();
    let mut request = account_request();
    assert_eq!(fixture.post(OURS, "account", &request).await.json()["reason"], "UNKNOWN-ADDRESS");
    let ours = [
        ("ETH", "0xce9c5fe2b18e6cf1f6cbc0b5c468036d705ffc10", json!([natural("Park", "Mina")])),
        ("BTC", "bc1qj9rk06n45qwtp7alsaqyc5w266dylnludsrzw7", json!([legal("Harbour Light Trading Ltd")])),
    ];
    for (symbol, address, persons) in ours {
        set(&mut request, "symbol", json!(symbol));
        set(&mut request, "network", Value::Null);
        set(&mut request, "ivms101.beneficiary.accountNumber", json!([address]));
        set(&mut request, "ivms101.beneficiary.beneficiaryPersons", persons);
        let answer = fixture.post(OURS, "account", &request).await.json();
        assert_eq!(answer["accountVerificationResult"], "VERIFIED", "{symbol}");
        assert_eq!(fixture.post(ROBOT, "account", &request).await.json()["reason"], "UNKNOWN-ADDRESS");
    }
}

#[tokio::test]
async fn a_request_that_the_interface_does_not_allow_is_refused() {
    let fixture = Fixture::new();
    for (path, value, code) in [
        ("originatingVaspId", Value::Null, "MISSING-ORIGINATING-VASP-ID"),
        ("originatingVaspId", json!(OURS.parse::<u64>().unwrap()), "INVALID-ORIGINATING-VASP-ID"),
        ("version", Value::Null, "MISSING-VERSION"),
        ("symbol", Value::Null, "MISSING-SYMBOL"),
        ("network", json!(7), "INVALID-NETWORK"),
        ("ivms101", Value::Null, "MISSING-BENEFICIARY"),
        ("ivms101.beneficiary.accountNumber", json!([]), "MISSING-ACCOUNT-NUMBER"),
        ("ivms101.beneficiary.accountNumber", json!([TAYLORS, TAYLORS]), "INVALID-ACCOUNT-NUMBER"),
    ] {
        let mut request = account_request();
        set(&mut request, path, value);
        let answer = fixture.post(ROBOT, "account", &request).await;
        assert_eq!(answer.status, 400, "{code}");
        assert_eq!(answer.json()["code"], code);
    }
}
