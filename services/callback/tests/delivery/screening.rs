//! What arrives about risk assessments.

use serde_json::{Value, json};
use waybill_domain::{
    AlertLevel, Clock as _, Direction, ExposureType, KytApiType, MatchStrength, SanctionStatus,
    ScreeningOrigin, Timestamp, VaspId, VerificationUuid, parse_time,
};
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::StoreError;
use waybill_store::tables::commands::CommandStatus;
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, Assessed, NewKyt, Registered};
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::wco_results::{self, NewWco, Screened};
use waybill_testkit::TestFolder;
use waybill_vault::ScreeningColumn;

use crate::backend::Backend;
use crate::support::{HOUR, House, Options, SECOND, callback, house, verification};

/// The example of the interface documents.
const EXAMPLE: &str = include_str!("../fixtures/chainalysis_kyt_result.json");
const REQUEST: &str = "f7231c6f-f1e7-4ae7-b143-2c87cd38abe9";
const EXTERNAL: &str = "79382ac9-c7be-3fab-ad56-8c61c654e2fc";
const COUNTERPARTY: VaspId = VaspId::new(15_952_089_931_162_059_995);
const WORKER: &str = "w";

fn at(text: &str) -> Timestamp {
    parse_time(text).unwrap()
}

fn about(callback_type: CallbackType, uuid: VerificationUuid) -> DeliverCallback {
    DeliverCallback {
        verification_uuid: uuid,
        request_id: Some(REQUEST.to_owned()),
        ..callback(callback_type, 1)
    }
}

fn kyt(uuid: VerificationUuid) -> NewKyt {
    NewKyt {
        request_id: REQUEST.to_owned(),
        verification_uuid: uuid,
        counterparty_vasp_id: COUNTERPARTY,
        api_type: KytApiType::Attempt,
        user_id: COUNTERPARTY.to_string(),
        direction: Direction::Outgoing,
        network: Some("Ethereum".to_owned()),
        asset: "ETH".to_owned(),
        amount: "1".to_owned(),
        transfer_ref: None,
        output_address: None,
        address: "0xbb3Fd383d1c5540e52ef0a7bcb9433375793aeaf".to_owned(),
        timestamp: Some(at("2023-05-18T12:39:44Z")),
        key_id: Some("12345678".to_owned()),
        origin: ScreeningOrigin::Api,
        external_id: None,
        registered_at: None,
        shares_request: None,
        traceparent: None,
        created_at: at("2023-05-18T12:39:46Z"),
        lease: Some((WORKER.to_owned(), HOUR)),
    }
}

fn assessed() -> Assessed {
    Assessed {
        network: Some("ETHEREUM".to_owned()),
        asset: None,
        amount: None,
        usd_price: Some("1820.17".to_owned()),
        output_address: Some("bb3fd383d1c5540e52ef0a7bcb9433375793aeaf".to_owned()),
        timestamp: None,
        alert_count: 1,
        assessed_at: Some(at("2023-05-18T12:39:45.263Z")),
        at: at("2023-05-18T12:39:52.461Z"),
        look_again: None,
    }
}

fn alert() -> KytAlert {
    KytAlert {
        external_id: EXTERNAL.to_owned(),
        alert_id: "118b8cc8-f579-11ed-b86d-a3210c6ca9b8".to_owned(),
        alert_level: AlertLevel::Medium,
        entity_category: Some("high risk exchange".to_owned()),
        service_name: Some(
            "HIGH RISK EXCHANGE: SimpleSwap.io bb3fd383d1c5540e52ef0a7bcb9433375793aeaf".to_owned(),
        ),
        exposure_type: ExposureType::Direct,
        alert_amount: "1820.17".to_owned(),
        created_at: at("2023-05-18T12:39:52.461Z"),
    }
}

async fn store_kyt(house: &House, new: NewKyt, said: Option<Assessed>, alerts: Vec<KytAlert>) {
    let done = house.store.write("test", (new, said, alerts), |tx, (new, said, alerts)| {
        Box::pin(async move {
            assert!(kyt_results::insert(tx, new).await?);
            let Some(said) = said else {
                return kyt_results::failed(tx, REQUEST, WORKER, "VENDOR-UNAVAILABLE", new.created_at).await;
            };
            registered(tx, new).await?;
            let claimed = kyt_results::claim(tx, WORKER, HOUR, 10, None).await?;
            assert_eq!(claimed.len(), 1);
            for alert in alerts {
                kyt_alerts::put(tx, alert).await?;
            }
            kyt_results::assessed(tx, REQUEST, WORKER, said).await
        })
    });
    done.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
}

async fn registered(tx: &mut waybill_store::Tx, new: &NewKyt) -> Result<(), StoreError> {
    let said = Registered {
        external_id: EXTERNAL.to_owned(),
        network: None,
        key_id: None,
        shares_request: None,
        at: new.created_at,
    };
    kyt_results::registered(tx, REQUEST, WORKER, &said, std::time::Duration::ZERO).await
}

/// The body of the one callback that arrives.
async fn arrives(house: &House, backend: &Backend, callback: DeliverCallback) -> Value {
    let id = house.deliver(&callback).await;
    house.until_delivered(id).await;
    backend.arrived().remove(0).json()
}

#[tokio::test]
async fn a_kyt_result_is_the_example_of_the_interface_key_for_key_and_in_order() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    let expected: Value = serde_json::from_str(EXAMPLE).unwrap();
    let uuid = expected["data"]["verificationUuid"].as_str().unwrap().parse().unwrap();
    store_kyt(&house, kyt(uuid), Some(assessed()), vec![alert()]).await;
    let arrived = arrives(&house, &backend, about(CallbackType::ChainalysisKytResult, uuid)).await;
    assert_eq!(arrived.to_string(), expected.to_string());
}

#[tokio::test]
async fn a_transfer_has_a_reference_and_what_is_not_known_is_absent_or_null() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    let reference = Some("0xabc:bb3f".to_owned());
    let new = NewKyt { api_type: KytApiType::Transfer, transfer_ref: reference, ..kyt(verification(1)) };
    let unknown = KytAlert { service_name: None, entity_category: None, ..alert() };
    let said = Assessed { usd_price: None, ..assessed() };
    store_kyt(&house, new, Some(said), vec![unknown]).await;
    let arrived = arrives(&house, &backend, about(CallbackType::ChainalysisKytResult, verification(1))).await;
    let shown = &arrived["data"]["riskAssessment"]["chainalysisKYT"];
    assert_eq!((&shown["apiType"], &shown["transferRef"]), (&json!("TRANSFER"), &json!("0xabc:bb3f")));
    assert!(shown.get("usdPrice").is_none());
    let alert = &arrived["data"]["riskAssessment"]["chainalysisKYTAlerts"][0];
    assert_eq!(alert.get("serviceName"), Some(&Value::Null));
    assert_eq!(alert.get("entityCategory"), Some(&Value::Null));
}

#[tokio::test]
async fn a_result_without_alerts_has_none_and_says_so() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    let said = Assessed { alert_count: 0, ..assessed() };
    store_kyt(&house, kyt(verification(1)), Some(said), Vec::new()).await;
    let arrived = arrives(&house, &backend, about(CallbackType::ChainalysisKytResult, verification(1))).await;
    let assessment = &arrived["data"]["riskAssessment"];
    assert_eq!(assessment["chainalysisKYT"]["alertCount"], json!(0));
    assert!(assessment.get("chainalysisKYTAlerts").is_none());
}

#[tokio::test]
async fn a_kyt_request_that_ended_without_a_result_is_reported_and_not_clean() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    store_kyt(&house, kyt(verification(1)), None, Vec::new()).await;
    let arrived = arrives(&house, &backend, about(CallbackType::ChainalysisKytResult, verification(1))).await;
    let assessment = &arrived["data"]["riskAssessment"];
    let shown = &assessment["chainalysisKYT"];
    assert_eq!((&shown["status"], &shown["reason"]), (&json!("ERROR"), &json!("VENDOR-UNAVAILABLE")));
    assert_eq!(shown.get("alertCount"), Some(&Value::Null));
    for absent in ["externalId", "usdPrice", "transferRef", "assessedAt"] {
        assert!(shown.get(absent).is_none(), "{absent}");
    }
    assert!(assessment.get("chainalysisKYTAlerts").is_none());
}

#[tokio::test]
async fn a_world_check_result_carries_the_summary_of_the_strongest() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    let summary = json!({"caseId": "c-1", "name": "TAYLOR-ROBBINS"}).to_string();
    store_wco(&house, Some(&summary)).await;
    let arrived = arrives(&house, &backend, about(CallbackType::RefinitivWcoResult, verification(1))).await;
    let expected = json!({
        "callbackType": "REFINITIV_WCO_RESULT",
        "data": {"verificationUuid": verification(1), "riskAssessment": {"refinitivWorldCheckOne": {
            "requestId": REQUEST, "counterpartyVaspId": "15952089931162059995", "direction": "INCOMING",
            "caseSystemId": "5jb7r2c9xjfk1hoc95gfayv6m", "status": "PROCESSED", "matchStrength": "EXACT",
            "aggregatedSummaryResult": summary,
            "createdAt": "2023-05-18T12:39:46.000Z", "assessedAt": "2023-05-18T12:39:55.000Z"
        }}},
    });
    assert_eq!(arrived.to_string(), expected.to_string(), "the order of fields too");
}

#[tokio::test]
async fn a_world_check_request_that_ended_without_a_result_is_reported() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    store_wco(&house, None).await;
    let arrived = arrives(&house, &backend, about(CallbackType::RefinitivWcoResult, verification(1))).await;
    let shown = &arrived["data"]["riskAssessment"]["refinitivWorldCheckOne"];
    assert_eq!((&shown["status"], &shown["reason"]), (&json!("ERROR"), &json!("DEADLINE")));
    for null in ["caseSystemId", "matchStrength", "aggregatedSummaryResult"] {
        assert_eq!(shown.get(null), Some(&Value::Null), "{null}");
    }
    assert!(shown.get("assessedAt").is_none());
}

async fn store_wco(house: &House, summary: Option<&str>) {
    let created_at = at("2023-05-18T12:39:46Z");
    let new = NewWco {
        request_id: REQUEST.to_owned(),
        verification_uuid: verification(1),
        counterparty_vasp_id: COUNTERPARTY,
        direction: Direction::Incoming,
        key_id: None,
        origin: ScreeningOrigin::Api,
        traceparent: None,
        created_at,
        lease: Some((WORKER.to_owned(), HOUR)),
    };
    let said = summary.map(|summary| Screened {
        case_system_id: "5jb7r2c9xjfk1hoc95gfayv6m".to_owned(),
        summary_sealed: Some(house.vault.seal_screening(ScreeningColumn::Summary, REQUEST, summary)),
        match_strength: Some(MatchStrength::Exact),
        total_matches: 1,
        assessed_at: Some(created_at + 9 * SECOND),
        at: created_at + 10 * SECOND,
    });
    let done = house.store.write("test", (new, said), |tx, (new, said)| {
        Box::pin(async move {
            assert!(wco_results::insert(tx, new).await?);
            match said {
                Some(said) => wco_results::screened(tx, REQUEST, WORKER, said).await,
                None => wco_results::failed(tx, REQUEST, WORKER, "DEADLINE", new.created_at).await,
            }
        })
    });
    done.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
}

#[tokio::test]
async fn an_automatic_look_up_is_reported_with_and_without_a_hit() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    let hit = SanctionResult {
        request_id: REQUEST.to_owned(),
        verification_uuid: verification(1),
        counterparty_vasp_id: COUNTERPARTY,
        direction: Direction::Outgoing,
        address: "0x58".to_owned(),
        status: SanctionStatus::Sanction,
        ofac_name: Some("SANCTIONS: LISTED".to_owned()),
        ofac_description: Some("About it.".to_owned()),
        ofac_url: Some("https://list.example/1".to_owned()),
        reason: None,
        key_id: None,
        origin: ScreeningOrigin::Automatic,
        shares_request: None,
        created_at: house.clock.now(),
    };
    let none = SanctionResult {
        request_id: "none".to_owned(),
        status: SanctionStatus::NoHit,
        ofac_name: None,
        ofac_description: None,
        ofac_url: None,
        ..hit.clone()
    };
    let written = house.store.write("test", [hit, none], |tx, rows| {
        Box::pin(async move {
            for row in rows {
                assert!(sanction_results::insert(tx, row).await?);
            }
            Ok::<_, StoreError>(())
        })
    });
    written.await.unwrap();
    let callback = about(CallbackType::ChainalysisSanctionResult, verification(1));
    let arrived = arrives(&house, &backend, callback.clone()).await;
    let created_at = waybill_domain::format_time(house.clock.now());
    let expected = json!({
        "callbackType": "CHAINALYSIS_SANCTION_RESULT",
        "data": {"verificationUuid": verification(1), "riskAssessment": {"chainalysisSanction": {
            "requestId": REQUEST, "counterpartyVaspId": "15952089931162059995", "direction": "OUTGOING",
            "address": "0x58", "status": "SANCTION", "ofacName": "SANCTIONS: LISTED", "ofacDescription": "About it.",
            "ofacUrl": "https://list.example/1", "createdAt": created_at
        }}},
    });
    assert_eq!(arrived.to_string(), expected.to_string(), "the order of fields too");
    let clean =
        DeliverCallback { request_id: Some("none".to_owned()), webhook_id: "msg_2".to_owned(), ..callback };
    let id = house.deliver(&clean).await;
    house.until_delivered(id).await;
    let shown = backend.arrived()[1].json()["data"]["riskAssessment"]["chainalysisSanction"].clone();
    assert_eq!(shown["status"], "NOHIT");
    assert!(shown.as_object().unwrap().keys().all(|key| !key.starts_with("ofac")), "{shown}");
}

#[tokio::test]
async fn a_risk_assessment_that_is_gone_is_given_up_at_once() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    for kind in [
        CallbackType::ChainalysisSanctionResult,
        CallbackType::ChainalysisKytResult,
        CallbackType::RefinitivWcoResult,
    ] {
        for request_id in [Some(REQUEST.to_owned()), None] {
            let callback = DeliverCallback { request_id, ..about(kind, verification(1)) };
            let id = house.deliver_holding(&callback, std::time::Duration::ZERO).await;
            let dead = house.until(id, CommandStatus::Error).await;
            assert_eq!(dead.last_error.as_deref(), Some("the risk assessment is gone"));
        }
    }
    assert!(backend.arrived().is_empty());
}
