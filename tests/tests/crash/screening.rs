//! A node dies while it has somebody screened: the result comes all the same, once.

use std::os::unix::process::ExitStatusExt as _;

use http::Method;
use serde_json::{Value, json};
use waybill_testkit::eventually;
use waybill_tests::{Pair, Party, verification};

use crate::DATABASE;
use crate::withdrawals::PATIENCE;

const SIGABRT: i32 = 6;

/// Asks again and again, under one key, until there is a request id.
async fn asked(ours: Party, vendor: &str, uuid: &str) -> String {
    let path = format!("/v1/risk-assessment/{vendor}");
    let headers = [("content-type", "application/json"), ("idempotency-key", uuid)];
    let body = json!({ "verificationUuid": uuid }).to_string();
    eventually(&format!("{path} is accepted"), PATIENCE, async || {
        let answer = ours.api.try_send(Method::POST, &path, &headers, body.clone()).await.ok()?;
        assert!(answer.status == 200 || answer.status.is_server_error(), "{answer:?}");
        let id = (answer.status == 200).then(|| answer.json()["requestId"].as_str().map(str::to_owned));
        id.flatten()
    })
    .await
}

/// The callbacks about one risk assessment.
async fn told(ours: Party, uuid: &str, request_id: &str) -> Vec<Value> {
    let callbacks = ours.backend.callbacks(uuid).await.into_iter().map(|(_, data)| data);
    let about = |data: &Value| data["riskAssessment"].to_string().contains(request_id);
    callbacks.filter(about).collect()
}

async fn dies_at(place: &str, vendor: &str) {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &[("WAYBILL_FAILPOINT", place)]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let ours = pair.ours.party;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;

    let death = async {
        let ended = pair.ours.running().wait_for_exit(PATIENCE).await;
        assert_eq!(ended.signal(), Some(SIGABRT), "{place} was passed and the node died of it: {ended}");
        pair.ours.start(&pair.folder, &[]).await;
    };
    let (request_id, ()) = tokio::join!(asked(ours, vendor, &uuid), death);

    let path = format!("/v1/risk-assessment/{request_id}");
    eventually("the result is there", PATIENCE, async || {
        (ours.api.get(&path).await.ok()["status"] == "PROCESSED").then_some(())
    })
    .await;
    eventually("and we are told", PATIENCE, async || {
        (!told(ours, &uuid, &request_id).await.is_empty()).then_some(())
    })
    .await;
    let entries = ours.api.get(&format!("/v1/risk-assessment?verificationUuid={uuid}")).await.ok();
    assert_eq!(
        entries["riskAssessments"].as_array().map(Vec::len),
        Some(1),
        "one request, one row: {entries}"
    );
    let told = told(ours, &uuid, &request_id).await;
    assert!(told.iter().all(|data| *data == told[0]), "{told:?}");
}

macro_rules! deaths {
    ($($test:ident: $place:literal, $vendor:literal;)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                dies_at($place, $vendor).await;
            }
        )+
    };
}

deaths! {
    before_kyt_is_asked: "kyt.stored", "chainalysis-kyt";
    with_the_registration_in_hand: "kyt.registered", "chainalysis-kyt";
    with_the_alerts_in_hand: "kyt.assessed", "chainalysis-kyt";
    with_the_case_in_hand: "wco.created", "refinitiv-wco";
    after_the_screening_was_asked_for: "wco.screening", "refinitiv-wco";
    with_the_matches_in_hand: "wco.screened", "refinitiv-wco";
    after_the_result_was_written: "wco.finished", "refinitiv-wco";
}
