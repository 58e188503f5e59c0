//! How SQLite carries out what is asked of the tables of risk assessment: none is read from end to end.

use std::time::Duration;

use waybill_domain::{
    AlertLevel, Direction, ExposureType, KytApiType, ScreeningOrigin, ScreeningVendor, VaspId,
};

use super::plans::{Database, PEER, database, now, read_whole_tables, uuid};
use crate::Tx;
use crate::tables::history::{self, HistoryCursor, HistoryFilter};
use crate::tables::kyt_alerts::{self, KytAlert};
use crate::tables::kyt_results::{self, NewKyt};
use crate::tables::wco_cases;
use crate::tables::{sanction_results, wco_results};

fn new_kyt() -> NewKyt {
    NewKyt {
        request_id: "r".to_owned(),
        verification_uuid: uuid(),
        counterparty_vasp_id: PEER,
        api_type: KytApiType::Transfer,
        user_id: "2".to_owned(),
        direction: Direction::Outgoing,
        network: None,
        asset: "ETH".to_owned(),
        amount: "1".to_owned(),
        transfer_ref: None,
        output_address: None,
        address: "0xA".to_owned(),
        timestamp: None,
        key_id: None,
        origin: ScreeningOrigin::Api,
        external_id: Some("e".to_owned()),
        registered_at: None,
        shares_request: None,
        traceparent: None,
        created_at: now(),
        lease: None,
    }
}

fn alert() -> KytAlert {
    KytAlert {
        external_id: "e".to_owned(),
        alert_id: "a".to_owned(),
        alert_level: AlertLevel::Low,
        entity_category: None,
        service_name: None,
        exposure_type: ExposureType::Direct,
        alert_amount: "1".to_owned(),
        created_at: now(),
    }
}

/// Every filter with every other.
fn filters() -> Vec<HistoryFilter> {
    let changes: [&dyn Fn(&mut HistoryFilter); 7] = [
        &|filter| filter.verification_uuid = Some(uuid()),
        &|filter| filter.vendor = Some(ScreeningVendor::ChainalysisKyt),
        &|filter| filter.direction = Some(Direction::Incoming),
        &|filter| filter.status = Some("ERROR".to_owned()),
        &|filter| filter.counterparty = Some(PEER),
        &|filter| filter.from = Some(now()),
        &|filter| filter.before = Some(now()),
    ];
    let mut all = vec![HistoryFilter::default()];
    for change in changes {
        let mut changed = all.clone();
        changed.iter_mut().for_each(change);
        all.extend(changed);
    }
    all
}

async fn plans_of(tx: &mut Tx, filter: &HistoryFilter, after: Option<&HistoryCursor>) -> Vec<String> {
    history::list(tx, filter, after, 100).await.unwrap();
    tx.take_plans()
}

#[tokio::test]
async fn the_history_is_read_in_order_from_an_index() {
    let Database { mut tx, _folder } = database().await;
    let cursor = HistoryCursor { created_at: now(), request_id: "r".to_owned() };
    for filter in filters() {
        for after in [None, Some(&cursor)] {
            let plans = plans_of(&mut tx, &filter, after).await;
            assert!(read_whole_tables(&plans).is_empty(), "{filter:?}: {plans:?}");
            assert!(plans.iter().all(|plan| !plan.contains("TEMP B-TREE")), "{filter:?}: {plans:?}");
        }
    }
}

#[tokio::test]
async fn each_filter_of_the_history_uses_the_index_made_for_it() {
    let Database { mut tx, _folder } = database().await;
    let none = || HistoryFilter { vendor: Some(ScreeningVendor::ChainalysisKyt), ..HistoryFilter::default() };
    for (filter, index) in [
        (none(), "idx_kyt_created_at"),
        (HistoryFilter { from: Some(now()), ..none() }, "idx_kyt_created_at (created_at>?"),
        (HistoryFilter { direction: Some(Direction::Incoming), ..none() }, "idx_kyt_direction (direction=?"),
        (HistoryFilter { status: Some("ERROR".to_owned()), ..none() }, "idx_kyt_status_created_at (status=?"),
        (
            HistoryFilter { status: Some("ERROR".to_owned()), counterparty: Some(VaspId::new(2)), ..none() },
            "idx_kyt_counterparty_vasp_id (counterparty_vasp_id=?",
        ),
        (
            HistoryFilter {
                verification_uuid: Some(uuid()),
                counterparty: Some(PEER),
                before: Some(now()),
                ..none()
            },
            "idx_kyt_verification_uuid (verification_uuid=? AND created_at<?",
        ),
    ] {
        let plans = plans_of(&mut tx, &filter, None).await;
        assert!(plans[0].contains(index), "{filter:?}: {plans:?}");
    }
}

#[tokio::test]
async fn what_is_due_is_found_however_many_are_finished() {
    let Database { mut tx, _folder } = database().await;
    let tx = &mut tx;
    let minute = Duration::from_secs(60);
    kyt_results::claim(tx, "w", minute, 10, None).await.unwrap();
    kyt_results::claim(tx, "w", minute, 10, Some(now())).await.unwrap();
    kyt_results::due(tx).await.unwrap();
    wco_results::claim(tx, "w", minute, 10, None).await.unwrap();
    wco_results::due(tx).await.unwrap();
    let plans = tx.take_plans();
    assert_eq!(plans.len(), 5);
    for plan in plans {
        assert!(plan.contains("_due_at (due_at<?)") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn what_is_done_for_each_risk_assessment_reads_no_whole_table() {
    let Database { mut tx, _folder } = database().await;
    let tx = &mut tx;
    let ids = ["r".to_owned()];
    kyt_results::insert(tx, &new_kyt()).await.unwrap();
    kyt_alerts::put(tx, &alert()).await.unwrap();
    kyt_alerts::put(tx, &alert()).await.unwrap();
    kyt_results::claim(tx, "w", Duration::from_secs(60), 10, None).await.unwrap();
    tx.take_plans();
    kyt_results::sharable(tx, &new_kyt(), now()).await.unwrap();
    sanction_results::recent(tx, "0xA", now()).await.unwrap();
    wco_cases::sharable(tx, "f", now()).await.unwrap();
    let plans = tx.take_plans();
    let [same_transfer, same_address, same_person] = &plans[..] else { panic!("{plans:?}") };
    assert!(same_transfer.contains("idx_kyt_address (address=? AND created_at>?)"), "{same_transfer}");
    assert!(same_address.contains("idx_sanction_address (address=? AND created_at>?)"), "{same_address}");
    assert!(
        same_person.contains("idx_wco_cases_subject (subject_fingerprint=? AND created_at>?)"),
        "{same_person}"
    );
    history::find(tx, "r").await.unwrap();
    history::find(tx, "unknown").await.unwrap();
    kyt_alerts::of_external(tx, "e").await.unwrap();
    kyt_alerts::of_results(tx, &ids).await.unwrap();
    wco_cases::of_request(tx, "r").await.unwrap();
    wco_cases::find(tx, "c").await.unwrap();
    wco_results::renew(tx, "r", "w", Duration::from_secs(60)).await.unwrap_err();
    wco_cases::of_requests(tx, &ids).await.unwrap();
    kyt_results::failed(tx, "r", "w", "GONE", now()).await.unwrap();
    history::delete_of_verification(tx, uuid()).await.unwrap();
    let plans = tx.take_plans();
    assert!(plans.len() > 12 && read_whole_tables(&plans).is_empty(), "{:?}", read_whole_tables(&plans));
}
