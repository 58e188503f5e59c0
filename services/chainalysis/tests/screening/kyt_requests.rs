//! Registration inside the request: what is asked, and what the caller is told.

use serde_json::json;
use waybill_domain::{Direction, KytApiType, Role, ScreeningStatus, VerificationUuid};
use waybill_jobs::{KeepAnswer, RegisterKyt};

use crate::house::{House, KYT_KEY};
use crate::vendor::{Act, Endpoint, refusal};
use crate::verification::{BENEFICIARY, HASH, OURS, PEER, Wish};

#[tokio::test]
async fn before_the_hash_the_originator_asks_about_the_address() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    let heard = house.vendor.heard(Endpoint::Register).remove(0);
    assert_eq!(heard.path, format!("/api/kyt/v2/users/{PEER}/withdrawal-attempts"));
    assert_eq!(heard.method, "POST");
    assert_eq!((&*heard.headers["token"], &*heard.headers["content-type"]), (KYT_KEY, "application/json"));
    let expected = json!({
        "network": "Ethereum", "asset": "ETH", "address": BENEFICIARY, "attemptIdentifier": id, "assetAmount": "1",
        "attemptTimestamp": "2026-01-02T03:04:05.000Z"
    });
    assert_eq!(heard.body, expected);
    let row = house.until_processed(&id).await;
    assert_eq!(
        (row.api_type, row.direction, row.transfer_ref),
        (KytApiType::Attempt, Direction::Outgoing, None)
    );
}

#[tokio::test]
async fn after_the_hash_both_sides_ask_about_the_transaction() {
    for (role, direction, word) in [
        (Role::Originator, Direction::Outgoing, "sent"),
        (Role::Beneficiary, Direction::Incoming, "received"),
    ] {
        let house = House::new().await;
        let wish = Wish::of(1, role).reported();
        house.verification(&wish).await;
        let id = house.register(wish.uuid).await.unwrap();
        let row = house.row(&id).await;
        assert_eq!((row.api_type, row.direction), (KytApiType::Transfer, direction));
        assert_eq!((&*row.user_id, row.timestamp), (&*PEER.to_string(), None));
        let heard = house.vendor.heard(Endpoint::Register).remove(0);
        assert_eq!(heard.path, format!("/api/kyt/v2/users/{PEER}/transfers"));
        let reference = format!("{HASH}:{BENEFICIARY}");
        let expected =
            json!({"network": "Ethereum", "asset": "ETH", "transferReference": reference, "direction": word});
        assert_eq!(heard.body, expected);
    }
}

#[tokio::test]
async fn an_output_is_named_by_its_number_where_there_are_outputs() {
    let house = House::new().await;
    let hash = "ab".repeat(32);
    let wish = Wish {
        symbol: "BTC",
        network: None,
        beneficiary: "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq".to_owned(),
        transaction: Some((hash.clone(), Some("3".to_owned()))),
        ..Wish::of(1, Role::Originator)
    };
    house.verification(&wish).await;
    house.register(wish.uuid).await.unwrap();
    let body = house.vendor.heard(Endpoint::Register).remove(0).body;
    assert_eq!(body["transferReference"], format!("{hash}:3"));
    assert_eq!(body["network"], "Bitcoin", "the only network of the asset");
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_leaves_no_row() {
    let house = House::new().await;
    let fault = house.register(VerificationUuid::from_random([9; 16])).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "NOT-FOUND-VERIFICATION"));
    let waiting = Wish { is_waiting: true, ..Wish::of(1, Role::Originator) };
    let early = Wish::of(2, Role::Beneficiary);
    let several = Wish { symbol: "USDT", network: None, ..Wish::of(3, Role::Originator) };
    for wish in [&waiting, &early, &several] {
        house.verification(wish).await;
    }
    assert_eq!(house.register(waiting.uuid).await.unwrap_err().code, "UNSUPPORTED-RISK-ASSESSMENT");
    let fault = house.register(early.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "UNSUPPORTED-RISK-ASSESSMENT"));
    let text = "Chainalysis KYT API for received transfer should be called after txHash is reported";
    assert_eq!(fault.message, text);
    let fault = house.register(several.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "MISSING-NETWORK"));
    assert!(fault.message.contains("Ethereum") && fault.message.contains("Tron"), "{fault}");
    for wish in [&waiting, &early, &several] {
        assert_eq!(house.history(wish.uuid).await.len(), 0);
    }
    assert_eq!(house.vendor.count(Endpoint::Register), 0);
}

#[tokio::test]
async fn the_network_of_the_request_goes_before_the_verifications() {
    let house = House::new().await;
    let wish = Wish { symbol: "USDT", ..Wish::of(1, Role::Originator) };
    house.verification(&wish).await;
    let ask = |network: &str| RegisterKyt {
        verification_uuid: wish.uuid,
        network: Some(network.to_owned()),
        repeatable: None,
    };
    house.ask(ask("tron")).await.unwrap();
    house.ask(ask("Of My Own")).await.unwrap();
    let networks: Vec<_> = house
        .vendor
        .heard(Endpoint::Register)
        .into_iter()
        .map(|heard| heard.body["network"].clone())
        .collect();
    assert_eq!(networks, ["Tron", "Of My Own"]);
    assert_eq!(house.ask(ask("")).await.unwrap_err().code, "INVALID-NETWORK");
}

#[tokio::test]
async fn a_vasp_that_is_its_own_counterparty_acts_as_the_originator() {
    let house = House::new().await;
    let wish = Wish { peer: OURS, ..Wish::of(1, Role::Originator) };
    house.verification(&wish).await;
    let row = house.register(wish.uuid).await.unwrap();
    let row = house.row(&row).await;
    assert_eq!((row.direction, &*row.user_id), (Direction::Outgoing, &*OURS.to_string()));
}

#[tokio::test]
async fn without_a_key_the_setting_is_named() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__KYT_API_KEY", "")]).await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let fault = house.register(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (503, "SCREENING-NOT-CONFIGURED"));
    assert!(fault.message.contains("chainalysis.kyt_api_key"), "{fault}");
}

/// F6: a refused key is passed through, with the words of the interface where the vendor has none.
#[tokio::test]
async fn f6_a_refused_key_passes_through() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let silent = json!({"status": 403, "error": "Forbidden", "path": "/api/kyt"});
    for act in [Act::Json(403, refusal(403, "AccessDenied")), Act::Json(403, silent), Act::html(403)] {
        house.vendor.will(Endpoint::Register, [act]);
        let fault = house.register(wish.uuid).await.unwrap_err();
        assert_eq!(
            (fault.status, &*fault.code, &*fault.message),
            (403, "UNKNOWN-ERROR-CODE", "AccessDenied")
        );
    }
    assert_eq!(house.callbacks(wish.uuid).await.len(), 0, "the caller knows it already");
}

#[tokio::test]
async fn a_refused_request_passes_through_in_the_vendors_words() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let long = format!("Unsupported\r\nnetwork {}", "x".repeat(5000));
    house.vendor.will(
        Endpoint::Register,
        [Act::Json(400, refusal(400, &long)), Act::Text(400, "text/plain", String::new())],
    );
    let fault = house.register(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "BAD-REQUEST"));
    assert!(
        fault.message.starts_with("Unsupported  network") && fault.message.chars().count() <= 256,
        "{fault}"
    );
    let fault = house.register(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "BAD-REQUEST"));
}

/// F1, F2, F3, F5: what the vendor does not take on at once is taken on later, and the caller has an id.
#[tokio::test]
async fn f1_f2_f3_f5_a_failing_vendor_is_asked_again_by_the_poller() {
    let settings = [("WAYBILL__CHAINALYSIS__KYT_TIMEOUT", "500ms")];
    let acts = [
        vec![Act::Hang],
        vec![Act::Drip],
        vec![Act::Break, Act::Break],
        vec![Act::Json(500, json!({}))],
        vec![Act::html(502)],
        vec![Act::html(200)],
        vec![Act::Json(202, json!({"updatedAt": null}))],
        vec![Act::With("location", "https://elsewhere.example/", Box::new(Act::Json(301, json!({}))))],
    ];
    let check = async |acts: Vec<Act>| {
        let house = House::with(&settings).await;
        let wish = Wish::of(1, Role::Originator);
        house.verification(&wish).await;
        house.vendor.will(Endpoint::Register, acts);
        let id = house.register(wish.uuid).await.unwrap();
        assert_eq!(house.row(&id).await.status, ScreeningStatus::Registered);
        let row = house.until_processed(&id).await;
        assert_eq!(row.failing_since, None);
        let told: Vec<_> =
            house.vendor.heard(Endpoint::Register).into_iter().map(|heard| heard.body).collect();
        assert!(told.len() >= 2 && told.iter().all(|body| *body == told[0]), "the same content each time");
        assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
    };
    let [a, b, c, d, e, f, g, h] = acts.map(check);
    tokio::join!(a, b, c, d, e, f, g, h);
}

/// F22: an answer about something else is not ours.
#[tokio::test]
async fn f22_an_answer_about_another_registration_is_refused() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let other = json!({
        "attemptIdentifier": "another", "updatedAt": null, "externalId": "79382ac9-c7be-3fab-ad56-8c61c654e2fc"
    });
    house.vendor.will(Endpoint::Register, [Act::Json(202, other)]);
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.until_error(&id).await;
    assert_eq!((row.reason.as_deref(), row.external_id), (Some("ANOTHER-REGISTRATION"), None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

fn keep(key: &str, digest: &str) -> Option<KeepAnswer> {
    Some(KeepAnswer { scope: "backend".to_owned(), key: key.to_owned(), digest: digest.to_owned() })
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_ones_id() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__KYT_REUSE", "0s")]).await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let ask = |repeatable| RegisterKyt { verification_uuid: wish.uuid, network: None, repeatable };
    let first = house.ask(ask(keep("a", "1"))).await.unwrap();
    assert_eq!(house.ask(ask(keep("a", "1"))).await.unwrap(), first);
    assert_eq!(house.ask(ask(keep("a", "2"))).await.unwrap_err().code, "IDEMPOTENCY-KEY-REUSED");
    assert_ne!(house.ask(ask(keep("b", "1"))).await.unwrap(), first);
    assert_eq!(house.vendor.count(Endpoint::Register), 2);
}

#[tokio::test]
async fn a_refused_request_may_be_repeated_under_its_key() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let ask = || RegisterKyt { verification_uuid: wish.uuid, network: None, repeatable: keep("a", "1") };
    house.vendor.will(Endpoint::Register, [Act::Json(403, refusal(403, "AccessDenied"))]);
    assert_eq!(house.ask(ask()).await.unwrap_err().status, 403);
    let id = house.ask(ask()).await.unwrap();
    assert_eq!(house.ask(ask()).await.unwrap(), id);
    house.until_processed(&id).await;
}
