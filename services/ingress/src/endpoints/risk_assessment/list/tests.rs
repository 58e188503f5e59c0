use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{AlertLevel, Direction, SanctionStatus};
use waybill_store::tables::sanction_results::SanctionResult;

use crate::endpoints::risk_assessment::testing::{id, uuid};
use crate::testing::{Api, OURS, ROBOT};

const PATH: &str = "/v1/risk-assessment";

async fn list(api: &Api, query: &str) -> Value {
    let answer = api.get(&format!("{PATH}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

async fn ids(api: &Api, query: &str) -> Vec<String> {
    let answer = list(api, query).await;
    let ids = answer["riskAssessments"].as_array().unwrap().iter();
    ids.map(|one| one["requestId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_empty_list_has_its_shape() {
    let answer = Api::start().await.get(PATH).await;
    assert_eq!(answer.json(), json!({ "nextCursor": null, "riskAssessments": [] }));
}

#[tokio::test]
async fn pages_go_down_through_all_vendors_and_are_not_disturbed() {
    let api = Api::start().await;
    for at in 0..8 {
        for vendor in 0..3 {
            let id = id(10 * at + vendor); // three share a time
            match vendor {
                0 => api.add_sanction(api.no_hit(&id)).await,
                1 => api.add_kyt(api.kyt(&id), None).await,
                _ => api.add_wco(&id).await,
            }
        }
        api.clock.advance(Duration::from_millis(1));
    }
    let mut newest_first: Vec<String> =
        (0..8).flat_map(|at| (0..3).map(move |vendor| id(10 * at + vendor))).collect();
    newest_first.reverse();
    assert_eq!(ids(&api, "").await, newest_first[..10]);
    assert_eq!(ids(&api, "limit=100").await, newest_first);

    let (mut walked, mut query) = (Vec::new(), "limit=5".to_owned());
    for page in 0..5 {
        walked.extend(ids(&api, &query).await);
        let next = list(&api, &query).await["nextCursor"].clone();
        query = format!("limit=5&cursor={}", next.as_str().unwrap_or("none"));
        api.add_sanction(api.no_hit(&id(100 + page))).await;
    }
    assert_eq!(query, "limit=5&cursor=none", "the fifth page is the last");
    assert_eq!(walked, newest_first);
}

#[tokio::test]
async fn each_filter_narrows_the_list() {
    let api = Api::start().await;
    let hit = SanctionResult {
        status: SanctionStatus::Sanction,
        direction: Direction::Incoming,
        counterparty_vasp_id: OURS.parse().unwrap(),
        ..api.no_hit(&id(1))
    };
    api.add_sanction(hit).await;
    api.clock.advance(Duration::from_secs(60));
    api.add_kyt(api.kyt(&id(2)), Some(vec![AlertLevel::High])).await;
    api.clock.advance(Duration::from_secs(60));
    api.add_wco(&id(3)).await;
    for (query, found) in [
        (format!("verificationUuid={}", uuid(2)), vec![2]),
        (format!("verificationUuid={}", uuid(9)), vec![]),
        ("vendor=refinitiv-wco".to_owned(), vec![3]),
        ("vendor=chainalysis-sanction".to_owned(), vec![1]),
        ("direction=INCOMING".to_owned(), vec![2, 1]),
        ("status=SANCTION".to_owned(), vec![1]),
        ("status=PROCESSED".to_owned(), vec![3, 2]),
        ("status=ERROR".to_owned(), vec![]),
        (format!("counterpartyVaspId={OURS}"), vec![1]),
        (format!("counterpartyVaspId={ROBOT}&vendor=chainalysis-kyt"), vec![2]),
        ("from=2026-01-02T03:05:05Z".to_owned(), vec![3, 2]),
        ("to=2026-01-02T03:05:05Z".to_owned(), vec![1]),
        ("from=2026-01-02T03:04:06Z&to=2026-01-02T03:06:00Z".to_owned(), vec![2]),
        ("vendor=&direction=&status=&from=&to=&cursor=&limit=".to_owned(), vec![3, 2, 1]),
        ("colour=red".to_owned(), vec![3, 2, 1]),
    ] {
        let found: Vec<String> = found.into_iter().map(id).collect();
        assert_eq!(ids(&api, &query).await, found, "{query}");
    }
}

#[tokio::test]
async fn alerts_stand_with_their_own() {
    let api = Api::start().await;
    api.add_kyt(api.kyt(&id(1)), None).await;
    api.clock.advance(Duration::from_secs(1));
    api.add_kyt(api.kyt(&id(2)), Some(vec![AlertLevel::Severe])).await;
    let shown = list(&api, "vendor=chainalysis-kyt").await["riskAssessments"].clone();
    let alerts = |at: usize| &shown[at]["riskAssessment"]["chainalysisKYTAlerts"];
    assert_eq!(alerts(0)[0]["alertLevel"], "SEVERE");
    assert_eq!(*alerts(1), Value::Null);
}

#[tokio::test]
async fn what_no_filter_takes_is_refused() {
    let api = Api::start().await;
    for (query, code) in [
        ("verificationUuid=x", "INVALID-VERIFICATION-UUID"),
        ("vendor=chainalysis", "INVALID-VENDOR"),
        ("direction=outgoing", "INVALID-DIRECTION"),
        ("status=CLEAN", "INVALID-STATUS"),
        ("counterpartyVaspId=-1", "INVALID-COUNTERPARTY-VASP-ID"),
        ("from=2026-01-02", "INVALID-FROM"),
        ("to=yesterday", "INVALID-TO"),
        ("limit=0", "INVALID-LIMIT"),
        ("limit=101", "INVALID-LIMIT"),
        ("limit=x", "INVALID-LIMIT"),
        ("cursor=x", "INVALID-CURSOR"),
        ("cursor=MTc2NzMyMzA0NTAwMC4xLmV4YW1wbGU", "INVALID-CURSOR"),
    ] {
        api.get(&format!("{PATH}?{query}")).await.refuses(400, code);
    }
}
