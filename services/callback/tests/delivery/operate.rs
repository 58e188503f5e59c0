//! What operators see and do.

use waybill_callback::{CallbackFilter, ReplayError, ReplayTarget, list, replay};
use waybill_domain::CommandId;
use waybill_jobs::CallbackType::{TxReport, VerificationResult};
use waybill_store::StoreError;
use waybill_store::tables::audit;
use waybill_store::tables::commands::CommandStatus;
use waybill_testkit::TestFolder;

use crate::backend::{Arrived, Backend, Reply};
use crate::support::{HOUR, House, Options, callback, house, verification};

async fn again(house: &House, target: ReplayTarget) -> Result<Vec<CommandId>, ReplayError> {
    replay(&house.store, &house.bus, HOUR, target).await
}

#[tokio::test]
async fn the_list_tells_where_each_callback_stands() {
    let (folder, backend) = (TestFolder::new(), Backend::start([Reply::Status(503)]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    for byte in [1, 2] {
        house.add_verified(byte).await;
    }
    let one = house.deliver(&callback(VerificationResult, 1)).await;
    house.until_delivered(one).await;
    let dead = house.deliver(&callback(TxReport, 2)).await;
    house.until(dead, CommandStatus::Error).await;

    let all = CallbackFilter { status: None, verification: None, limit: 10 };
    let views = list(&house.store, all).await.unwrap();
    assert_eq!(views.iter().map(|view| view.id).collect::<Vec<_>>(), [dead, one], "newest first");
    let view = &views[1];
    assert_eq!((view.callback_type, view.verification), (VerificationResult, verification(1)));
    assert_eq!(
        (view.status, view.attempts, &*view.webhook_id),
        (CommandStatus::Done, 2, "msg_1_VERIFICATION_RESULT")
    );
    let last = view.last.as_ref().unwrap();
    assert_eq!((last.outcome.as_str(), last.http_status, last.out_of_order), ("DELIVERED", Some(200), false));
    assert!(view.finished_at.is_some() && view.last_error.is_none());

    for (filter, ids) in [
        (CallbackFilter { status: Some(CommandStatus::Error), ..all }, vec![dead]),
        (CallbackFilter { verification: Some(verification(1)), ..all }, vec![one]),
        (CallbackFilter { verification: Some(verification(3)), ..all }, vec![]),
        (CallbackFilter { limit: 1, ..all }, vec![dead]),
    ] {
        let found: Vec<CommandId> =
            list(&house.store, filter).await.unwrap().iter().map(|view| view.id).collect();
        assert_eq!(found, ids, "{filter:?}");
    }
}

#[tokio::test]
async fn a_replay_is_the_same_message_again() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    let id = house.deliver(&callback(VerificationResult, 1)).await;
    house.until_delivered(id).await;
    let new = again(&house, ReplayTarget::Callback(id)).await.unwrap();
    assert_eq!(new.len(), 1);
    assert_ne!(new[0], id);
    house.until_delivered(new[0]).await;
    let arrived = backend.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].header("webhook-id"), arrived[1].header("webhook-id"));
    assert_eq!(arrived[0].body, arrived[1].body);
    let noted = house.store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 1)));
    let noted = noted.await.unwrap_or_else(|error: StoreError| panic!("{error}")).remove(0);
    assert_eq!(
        (noted.event.as_str(), noted.subject),
        ("CALLBACK-REPLAYED", Some(verification(1).to_string()))
    );
}

#[tokio::test]
async fn a_verification_is_replayed_in_its_order_each_callback_once() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    house.report_transaction(1).await;
    let first = house.deliver(&callback(VerificationResult, 1)).await;
    let second = house.deliver(&callback(TxReport, 1)).await;
    house.until_delivered(second).await;
    let extra = again(&house, ReplayTarget::Callback(first)).await.unwrap();
    house.until_delivered(extra[0]).await;
    let new = again(&house, ReplayTarget::Verification(verification(1))).await.unwrap();
    assert_eq!(new.len(), 2);
    house.until_delivered(new[1]).await;
    let order: Vec<String> = backend.arrived().iter().map(Arrived::callback_type).collect();
    let (result, report) = ("VERIFICATION_RESULT", "TX_REPORT");
    assert_eq!(order, [result, report, result, result, report]);
}

#[tokio::test]
async fn what_was_given_up_can_be_replayed_and_what_is_pending_cannot() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    backend.answer_by(|_| Reply::Status(503));
    let options = Options::of(&backend);
    let clock = options.clock.clone();
    let house = house(folder.path(), options).await;
    house.add_verified(1).await;
    let id = house.deliver(&callback(VerificationResult, 1)).await;
    house.until_attempted(id, 1).await;
    for target in [ReplayTarget::Callback(id), ReplayTarget::Verification(verification(1))] {
        assert!(matches!(again(&house, target).await, Err(ReplayError::Pending)), "{target:?}");
    }
    clock.advance(25 * HOUR);
    house.until(id, CommandStatus::Error).await;
    backend.answer_by(|_| Reply::Status(200));
    let new = again(&house, ReplayTarget::Callback(id)).await.unwrap();
    house.until_delivered(new[0]).await;
    assert_eq!(house.view(id).await.status, CommandStatus::Error, "the record of the failure stays");
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_replayed() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    for target in [ReplayTarget::Callback(CommandId::new(7)), ReplayTarget::Verification(verification(1))] {
        assert!(matches!(again(&house, target).await, Err(ReplayError::NotFound)), "{target:?}");
    }
}
