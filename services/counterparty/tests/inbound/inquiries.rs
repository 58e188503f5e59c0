//! A beneficiary asks where the transfer stands.

use serde_json::{Value, json};
use waybill_domain::{Event, Role, TransactionStatus, Verdict, VerificationState, VerificationUuid};
use waybill_store::tables::verifications::Change;

use crate::backend::{Say, no_answers};
use crate::fixture::*;
use crate::house::House;

/// We are the originator of a verified verification.
async fn house(settings: &[(&'static str, &'static str)]) -> (House, VerificationUuid, Value) {
    let (house, uuid) = (House::with(settings).await, uuid(1));
    house.waiting(uuid, Role::Originator).await;
    let event = Event::Answered(Verdict::Verified);
    house.advance(uuid, VerificationState::WAIT, event, Change::default()).await;
    (house, uuid, json!({"verificationUuid": uuid}))
}

#[tokio::test]
async fn our_backend_says_where_it_stands() {
    let (house, uuid, question) = house(&[]).await;
    for status in TransactionStatus::ALL {
        let said =
            json!({"verificationUuid": uuid, "transactionStatus": status, "txHash": "0xabc", "vout": "1"});
        house.backend.will([Say::Json(said.clone())]);
        let heard = house.tell(ROBOT, "inquiries", &question).await;
        assert_eq!((heard.status.as_u16(), &heard.body), (200, &said));
    }
    let asked = house.backend.heard().remove(0);
    assert_eq!((&*asked.path, &asked.body), ("/transaction", &question));
}

#[tokio::test]
async fn the_hash_comes_from_our_record_when_the_backend_has_none() {
    let (house, uuid, question) = house(&[]).await;
    let said = json!({"verificationUuid": uuid, "transactionStatus": "WAIT-CONFIRM"});
    house.backend.will([Say::Json(said.clone())]);
    assert_eq!(house.tell(ROBOT, "inquiries", &question).await.body, said);
    let transaction = Some(("0xAbc".to_owned(), Some("7".to_owned())));
    let change = Change { transaction, ..Change::default() };
    house.advance(uuid, VerificationState::VERIFIED, Event::TransactionReported, change).await;
    house.backend.will([Say::Json(said)]);
    let heard = house.tell(ROBOT, "inquiries", &question).await;
    assert_eq!((&heard.body["txHash"], &heard.body["vout"]), (&json!("0xAbc"), &json!("7")));
    assert_eq!(heard.body["transactionStatus"], "WAIT-CONFIRM");
}

#[tokio::test]
async fn our_record_alone_is_no_answer() {
    let (house, uuid, question) = house(&[("WAYBILL__BACKEND__TRANSACTION_TIMEOUT", "200ms")]).await;
    for (said, own_doing) in no_answers() {
        house.backend.will([said.clone()]);
        let heard = house.tell(ROBOT, "inquiries", &question).await;
        let refused = matches!(said, Say::Raw(300..500, ..));
        if own_doing && !refused {
            heard.refuses(502, "BACKEND-INVALID-ANSWER");
        } else {
            heard.refuses(503, "BACKEND-UNAVAILABLE");
        }
    }
    house.backend.will([Say::Nothing]);
    house.tell(ROBOT, "inquiries", &question).await.refuses(504, "BACKEND-TIMEOUT");
    let other = json!({"verificationUuid": crate::fixture::uuid(9), "transactionStatus": "CONFIRMED"});
    house.backend.will([Say::Json(other)]);
    house.tell(ROBOT, "inquiries", &question).await.refuses(502, "BACKEND-INVALID-ANSWER");
    assert_eq!(house.ended(uuid).await.0, "VERIFIED");
}
