//! A member asks us to verify the beneficiary of a transfer.

use serde_json::{Value, json};
use waybill_domain::{Role, VerificationUuid, reason};
use waybill_jobs::AnswerVerification;
use waybill_store::tables::commands::CommandStatus;
use waybill_vault::Column;

use crate::backend::Say;
use crate::fixture::*;
use crate::house::House;
use crate::letter::Letter;

const BUDGET: &str = "WAYBILL__LISTENER__INLINE_ANSWER_BUDGET";

async fn answered(house: &House, uuid: VerificationUuid) -> Value {
    let letter = house.question(ROBOT, uuid, &payload()).await;
    let heard = house.send(&letter).await;
    assert_eq!(heard.body["verificationUuid"], json!(uuid));
    house.open(&letter, "verifications", Some(uuid), &heard)
}

#[tokio::test]
async fn a_question_is_stored_asked_and_answered_at_once() {
    let (house, uuid) = (House::new().await, uuid(1));
    let answer = answered(&house, uuid).await;
    let mut expected = verified();
    expected["verifiedAt"] = json!("2026-01-02T03:04:05.000Z");
    assert_eq!(answer, expected);

    let asked = house.backend.heard().remove(0);
    assert_eq!(asked.path, "/verification");
    let mut ivms101 = payload()["ivms101"].clone();
    for (part, id) in [("originatingVASP", ROBOT), ("beneficiaryVASP", OURS)] {
        let name =
            json!({"legalPersonName": format!("Exchange {id}"), "legalPersonNameIdentifierType": "LEGL"});
        ivms101[part] = json!({part: {"legalPerson": {"name": {"nameIdentifier": [name]}}}});
    }
    let expected = json!({
        "verificationUuid": uuid, "assetInfo": asset(), "requiredBeneficiaryInfo": ASKED,
        "originatingVaspId": ROBOT, "version": "1.0", "ivms101": ivms101
    });
    assert_eq!(asked.body, expected);

    let row = house.row(uuid).await.unwrap();
    assert!(row.is(ROBOT, Role::Originator) && row.is(OURS, Role::Beneficiary));
    assert_eq!(house.ended(uuid).await, ("VERIFIED".to_owned(), Some("OK".to_owned())));
    assert_eq!(house.column(&row, Column::Beneficiary, &row.beneficiary_sealed), beneficiary(ADDRESS));
    let command = house.commands::<AnswerVerification>(uuid).await.remove(0);
    assert_eq!((command.status, command.attempts), (CommandStatus::Done, 1));
    let events: Vec<_> = house.audited().await.into_iter().map(|entry| entry.event).collect();
    assert_eq!(events, ["VERIFICATION-ANSWERED", "VERIFICATION-RECEIVED"]);
}

#[tokio::test]
async fn the_originating_vasp_is_who_the_directory_says_it_is() {
    let (house, uuid) = (House::new().await, uuid(1));
    let mut payload = payload();
    let name = json!({"legalPersonName": "A Better Bank", "legalPersonNameIdentifierType": "LEGL"});
    payload["ivms101"]["originatingVASP"] =
        json!({"originatingVASP": {"legalPerson": {"name": {"nameIdentifier": [name]}}}});
    house.send(&house.question(ROBOT, uuid, &payload).await).await;
    assert!(!house.backend.heard()[0].body.to_string().contains("A Better Bank"));
}

#[tokio::test]
async fn nothing_is_answered_that_was_not_asked_for() {
    let (house, uuid) = (House::new().await, uuid(1));
    let mut talkative = verified();
    talkative["ivms101"]["beneficiary"] = talkative_beneficiary();
    house.backend.will([Say::Json(talkative)]);
    let answer = answered(&house, uuid).await;
    assert_eq!(answer["ivms101"], json!({"beneficiary": beneficiary(ADDRESS)}));
    let row = house.row(uuid).await.unwrap();
    assert_eq!(house.column(&row, Column::Beneficiary, &row.beneficiary_sealed), beneficiary(ADDRESS));
}

#[tokio::test]
async fn another_account_number_becomes_an_error() {
    for account in [json!(["0x5811001506550D8356A215BE229C15B6EF371A9B"]), json!([]), json!([ADDRESS, "0x2"])]
    {
        let (house, uuid) = (House::new().await, uuid(1));
        let mut said = verified();
        said["ivms101"]["beneficiary"]["accountNumber"] = account;
        house.backend.will([Say::Json(said)]);
        let answer = answered(&house, uuid).await;
        let not_matched = reason::BENEFICIARY_ACCOUNT_NOT_MATCHED;
        assert_eq!((&answer["result"], &answer["reason"]), (&json!("ERROR"), &json!(not_matched)));
        assert!(answer.get("ivms101").is_none());
        assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), Some(not_matched.to_owned())));
    }
}

#[tokio::test]
async fn denials_and_errors_pass_without_personal_data() {
    let house = House::new().await;
    let denials = reason::VERIFICATION_ANSWER.iter().filter(|reason| **reason != reason::OK);
    let denials = denials.map(|reason| denied(reason));
    let error = json!({"result": "ERROR", "reason": "UNDEFINED-ERROR", "message": "Taylor"});
    for (number, said) in denials.chain([error]).enumerate() {
        let uuid = uuid(u8::try_from(number).unwrap());
        let mut with_data = said.clone();
        with_data["ivms101"] = json!({"beneficiary": beneficiary(ADDRESS)});
        house.backend.will([Say::Json(with_data)]);
        let mut expected = said;
        expected["verifiedAt"] = json!("2026-01-02T03:04:05.000Z");
        assert_eq!(answered(&house, uuid).await, expected);
        let row = house.row(uuid).await.unwrap();
        assert_eq!(json!(row.reason), expected["reason"]);
        assert_eq!(house.message(&row).as_deref(), Some("Taylor"));
    }
}

#[tokio::test]
async fn the_same_question_again_is_answered_again() {
    let (house, uuid) = (House::new().await, uuid(1));
    let first = answered(&house, uuid).await;
    let after = house.snapshot(&[uuid]).await;
    assert_eq!(answered(&house, uuid).await, first);
    assert_eq!(house.snapshot(&[uuid]).await, after);
    assert_eq!(house.backend.heard().len(), 1);

    let denied_uuid = crate::fixture::uuid(2);
    house.backend.will([Say::Json(denied("BLACKLISTED"))]);
    let first = answered(&house, denied_uuid).await;
    assert_eq!(answered(&house, denied_uuid).await, first);
}

#[tokio::test]
async fn the_same_question_while_it_waits_is_accepted_again() {
    let (house, uuid) = (House::with(&[(BUDGET, "0s")]).await, uuid(1));
    for _ in 0..3 {
        let heard = house.send(&house.question(ROBOT, uuid, &payload()).await).await;
        assert_eq!(heard.status, 202);
        assert_eq!(heard.body, json!({"verificationUuid": uuid, "status": "ACCEPTED"}));
    }
    let command = house.commands::<AnswerVerification>(uuid).await;
    assert_eq!((command.len(), command[0].status), (1, CommandStatus::Created));
}

#[tokio::test]
async fn other_content_under_a_known_uuid_is_a_conflict() {
    for budget in ["0s", "20s"] {
        let (house, uuid) = (House::with(&[(BUDGET, budget)]).await, uuid(1));
        house.send(&house.question(ROBOT, uuid, &payload()).await).await;
        let before = house.snapshot(&[uuid]).await;
        let asked = house.backend.heard().len();
        let later = house.in_seconds(700);
        for (field, value) in [
            ("assetInfo", asset_of("2")),
            ("requiredBeneficiaryInfo", json!("ACCOUNT_NUMBER")),
            ("expiresAt", later.clone()),
        ] {
            let letter = house.question_with(ROBOT, uuid, &payload(), |body| body[field] = value).await;
            house.send(&letter).await.refuses(409, "VERIFICATION-CONFLICT");
        }
        for (side, account) in [("originator", "0xother"), ("beneficiary", "0xother")] {
            let mut payload = payload();
            payload["ivms101"][side]["accountNumber"] = json!([account]);
            house
                .send(&house.question(ROBOT, uuid, &payload).await)
                .await
                .refuses(409, "VERIFICATION-CONFLICT");
        }
        assert_eq!(house.snapshot(&[uuid]).await, before);
        assert_eq!(house.backend.heard().len(), asked);
    }
}

fn asset_of(amount: &str) -> Value {
    let mut asset = asset();
    asset["amount"] = json!(amount);
    asset
}

#[tokio::test]
async fn a_uuid_of_others_is_a_conflict() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.send(&house.question(ROBOT, uuid, &payload()).await).await;
    house.send(&house.question(OTHER, uuid, &payload()).await).await.refuses(409, "VERIFICATION-CONFLICT");
    let ours = crate::fixture::uuid(2);
    house.waiting(ours, Role::Originator).await;
    house.send(&house.question(ROBOT, ours, &payload()).await).await.refuses(409, "VERIFICATION-CONFLICT");
}

#[tokio::test]
async fn an_expired_question_is_refused_without_asking_the_backend() {
    let (house, uuid) = (House::new().await, uuid(1));
    let now = house.in_seconds(0);
    let letter = house.question_with(ROBOT, uuid, &payload(), |body| body["expiresAt"] = now).await;
    house.send(&letter).await.refuses(410, "EXPIRED-VERIFICATION");
    let far = house.in_seconds(8 * 86_400);
    let letter = house.question_with(ROBOT, uuid, &payload(), |body| body["expiresAt"] = far).await;
    house.send(&letter).await.refuses(400, "INVALID-EXPIRES-AT");
    assert!(house.row(uuid).await.is_none() && house.backend.heard().is_empty());
}

#[tokio::test]
async fn an_expired_directory_stops_new_questions_and_no_answers() {
    let (house, known, new) = (House::new().await, uuid(1), uuid(2));
    let days = house.in_seconds(3 * 86_400);
    let ask = async |uuid| {
        let letter =
            house.question_with(ROBOT, uuid, &payload(), |body| body["expiresAt"] = days.clone()).await;
        house.send(&letter).await
    };
    assert_eq!(ask(known).await.status, 200);
    house.let_the_directory_expire().await;
    ask(new).await.refuses(503, "DIRECTORY-EXPIRED");
    assert!(house.row(new).await.is_none());
    assert_eq!(ask(known).await.status, 200);
}

#[tokio::test]
async fn payloads_that_break_the_rules_are_invalid() {
    let (house, uuid) = (House::new().await, uuid(1));
    let without = |part: &str| {
        let mut payload = payload();
        payload["ivms101"].as_object_mut().unwrap().remove(part);
        payload
    };
    let mut nameless = payload();
    nameless["ivms101"]["originator"]["originatorPersons"] = json!([{"naturalPerson": {}}]);
    for payload in [without("originator"), without("beneficiary"), nameless, json!({}), json!([])] {
        let letter = house.question(ROBOT, uuid, &payload).await;
        house.send(&letter).await.refuses(422, "INVALID-PAYLOAD");
    }
    assert!(house.row(uuid).await.is_none() && house.backend.heard().is_empty());
    assert_eq!(house.audited_refusals().await.len(), 5);
}

#[tokio::test]
async fn payloads_beyond_their_limits_are_too_large() {
    let (house, uuid) = (House::new().await, uuid(1));
    let mut padded = payload();
    padded["ivms101"]["originator"]["more"] = json!("x".repeat(49 * 1024));
    let persons = |number| {
        let person = originator()["originatorPersons"][0].clone();
        let mut payload = payload();
        payload["ivms101"]["originator"]["originatorPersons"] = json!(vec![person; number]);
        payload
    };
    let each = originator()["originatorPersons"][0].to_string().len();
    for payload in [padded, persons(41 * 1024 / each)] {
        let letter = house.question(ROBOT, uuid, &payload).await;
        house.send(&letter).await.refuses(413, "PAYLOAD-TOO-LARGE");
    }
    assert!(house.row(uuid).await.is_none() && house.backend.heard().is_empty());
    assert_eq!(house.audited_refusals().await.len(), 2);
    let letter = house.question(ROBOT, uuid, &persons(39 * 1024 / each)).await;
    assert_eq!(house.send(&letter).await.status, 200);
}

#[tokio::test]
async fn a_backend_that_says_more_than_can_be_sent_decides_nothing() {
    let (house, uuid) = (House::new().await, uuid(1));
    let mut said = verified();
    let person = said["ivms101"]["beneficiary"]["beneficiaryPersons"][0].clone();
    let number = 41 * 1024 / person.to_string().len();
    said["ivms101"]["beneficiary"]["beneficiaryPersons"] = json!(vec![person; number]);
    house.backend.will([Say::Json(said)]);
    let answer = answered(&house, uuid).await;
    assert_eq!((&answer["result"], &answer["reason"]), (&json!("ERROR"), &json!("UNDEFINED-ERROR")));
    assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), Some("UNDEFINED-ERROR".to_owned())));
}

#[tokio::test]
async fn a_payload_sealed_for_another_verification_does_not_open() {
    let (house, one, two) = (House::new().await, uuid(1), uuid(2));
    let letter = house.question(ROBOT, one, &payload()).await;
    let moved = Letter { body: letter.body.replace(&one.to_string(), &two.to_string()), ..letter };
    house.send(&moved).await.refuses(400, "UNREADABLE-PAYLOAD");
    assert!(house.row(two).await.is_none());
}

#[tokio::test]
async fn fields_outside_the_payload_are_checked() {
    let (house, uuid) = (House::new().await, uuid(1));
    for (field, value, code) in [
        ("assetInfo", asset_of("0"), "INVALID-AMOUNT"),
        ("requiredBeneficiaryInfo", json!("SHOE_SIZE"), "INVALID-REQUIRED-BENEFICIARY-INFO"),
        ("replyKey", json!({"keyId": "k".repeat(65), "publicKey": "x"}), "INVALID-KEY-ID"),
    ] {
        let letter = house.question_with(ROBOT, uuid, &payload(), |body| body[field] = value).await;
        house.send(&letter).await.refuses(400, code);
    }
}

#[tokio::test]
async fn a_key_made_for_one_verification_is_gone_once_it_is_stored() {
    let (house, uuid) = (House::new().await, uuid(1));
    let letter =
        house.question_with(ROBOT, uuid, &payload(), |body| body["keyType"] = json!("PerVerification")).await;
    assert_eq!(house.send(&letter).await.status, 200);
    let body: Value = serde_json::from_str(&letter.body).unwrap();
    assert!(house.own_key(body["sealed"]["keyId"].as_str().unwrap()).await.is_none());
    let again = Letter { message_id: house.message_id(), ..letter };
    house.send(&again).await.refuses(409, "UNKNOWN-KEY");
}
