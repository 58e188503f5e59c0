//! Each failure of the Sanctions API: never read as "nothing found".

use serde_json::json;
use waybill_domain::{Role, SanctionStatus};
use waybill_store::tables::history::Assessment;
use waybill_testkit::{TestFolder, eventually};

use crate::house::{House, PATIENCE};
use crate::vendor::{Act, Endpoint};
use crate::verification::Wish;

const QUICK: &[(&str, &str)] = &[("WAYBILL__CHAINALYSIS__SANCTION_TIMEOUT", "400ms")];

/// Rows of one house, each with a verification and an address of its own.
async fn wish(house: &House, byte: u8) -> Wish {
    let wish = Wish { beneficiary: format!("0x{byte:040x}"), ..Wish::of(byte, Role::Originator) };
    house.verification(&wish).await;
    wish
}

/// Why the look-ups of a verification have no result; all of them must have none.
async fn reasons(house: &House, wish: &Wish) -> Vec<String> {
    let reason = |assessment| match assessment {
        Assessment::Sanction(row) => {
            assert_eq!(row.status, SanctionStatus::Error);
            row.reason.unwrap()
        }
        _ => panic!("only look-ups were asked for"),
    };
    house.history(wish.uuid).await.into_iter().map(reason).collect()
}

/// F5, F10, F11, F28: nothing but a list that is there is an answer.
#[tokio::test]
async fn f10_f11_unreadable_answers_are_errors() {
    let json = |body: &str| Act::Text(200, "application/json", body.to_owned());
    let acts = [
        Act::html(200),
        Act::Text(200, "text/plain", r#"{"identifications":[]}"#.to_owned()),
        json(""),
        json("null"),
        json("[]"),
        json("{}"),
        json(r#"{"identifications":null}"#),
        json(r#"{"identifications":{}}"#),
        json(r#"{"identifications":[null]}"#),
        json(r#"{"identifications":["#),
        json("\u{feff}{\"identifications\":[]}"),
        Act::Json(503, json!({})),
        Act::html(504),
        Act::Json(404, json!({})),
        Act::With(
            "location",
            "https://elsewhere.example/",
            Box::new(Act::Json(302, json!({"identifications": []}))),
        ),
    ];
    for (byte, act) in (1..).zip(acts) {
        let house = House::new().await;
        let wish = wish(&house, byte).await;
        house.vendor.always(Endpoint::Sanction, act);
        let row = house.sanction(wish.uuid).await.unwrap();
        assert_eq!(row.status, SanctionStatus::Error, "{byte}");
        assert!(row.reason.is_some() && row.key_id.is_some());
    }
}

/// F1: nobody is there.
#[tokio::test]
async fn f1_an_unreachable_vendor_is_an_error() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__SANCTION_URL", "http://127.0.0.1:9")]).await;
    let wish = wish(&house, 1).await;
    assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::Error);
}

/// F2, F3 and acceptance 7: the time is for everything, and past it the caller is told so.
#[tokio::test]
async fn f3_a_slow_vendor_is_a_timeout_with_a_row() {
    for act in [Act::Hang, Act::Drip] {
        let house = House::with(QUICK).await;
        let wish = wish(&house, 1).await;
        house.vendor.always(Endpoint::Sanction, act);
        let fault = house.sanction(wish.uuid).await.unwrap_err();
        assert_eq!(
            (fault.status, &*fault.code, &*fault.message),
            (408, "REQUEST-TIMEOUT", "timeout of 400ms exceeded")
        );
        assert_eq!(reasons(&house, &wish).await, ["REQUEST-TIMEOUT"]);
    }
}

/// F6 and acceptance 7: a refused key is the operator's to mend, and said in the interface's words.
#[tokio::test]
async fn f6_a_refused_key_passes_through() {
    let house = House::new().await;
    let wish = wish(&house, 1).await;
    house
        .vendor
        .will(Endpoint::Sanction, [Act::Json(401, json!({"message": "Invalid API Key"})), Act::html(403)]);
    let fault = house.sanction(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code, &*fault.message), (401, "UNKNOWN-ERROR-CODE", "Invalid API Key"));
    let fault = house.sanction(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (403, "UNKNOWN-ERROR-CODE"));
    assert_eq!(reasons(&house, &wish).await, ["VENDOR-DENIED", "VENDOR-DENIED"]);
}

/// F4: throttled, with and without a time.
#[tokio::test]
async fn f4_a_throttled_look_up_is_an_error() {
    for retry_after in ["2", "86400", "soon"] {
        let house = House::with(QUICK).await;
        let wish = wish(&house, 1).await;
        let act = Act::With("retry-after", retry_after, Box::new(Act::Json(429, json!({}))));
        house.vendor.always(Endpoint::Sanction, act);
        assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::Error);
    }
}

/// F32: a connection that ends before the answer is tried once more.
#[tokio::test]
async fn f32_a_lost_connection_is_repeated_once() {
    let house = House::new().await;
    let wish = wish(&house, 1).await;
    house.vendor.will(Endpoint::Sanction, [Act::Break]);
    assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::NoHit);
    assert_eq!(house.vendor.count(Endpoint::Sanction), 2);
}

/// F13, F27: what is more, and what is longer than its column.
#[tokio::test]
async fn f27_long_words_fit_their_columns() {
    let house = House::new().await;
    let wish = wish(&house, 1).await;
    let long = "🦀".repeat(5000);
    let entry = json!({"category": "sanctions", "name": long, "description": long, "url": long, "new": [1]});
    house.vendor.always(Endpoint::Sanction, Act::ok(json!({"identifications": [entry], "more": {}})));
    let row = house.sanction(wish.uuid).await.unwrap();
    let lengths =
        [row.ofac_name, row.ofac_description, row.ofac_url].map(|text| text.unwrap().chars().count());
    assert_eq!((row.status, lengths), (SanctionStatus::Sanction, [1024, 4096, 1024]));
}

/// F33: a key that stands in a file is replaced while the service runs.
#[tokio::test]
async fn f33_a_key_in_a_file_is_replaced_without_a_restart() {
    let folder = TestFolder::new();
    let file = folder.write("sanction-key", "first-key\n");
    let house = House::with(&[
        ("WAYBILL__CHAINALYSIS__SANCTION_API_KEY", ""),
        ("WAYBILL__CHAINALYSIS__SANCTION_API_KEY_FILE", file.to_str().unwrap()),
        ("WAYBILL__CHAINALYSIS__SANCTION_REUSE", "0s"),
    ])
    .await;
    let wish = wish(&house, 1).await;
    let old = house.sanction(wish.uuid).await.unwrap();
    std::fs::write(&file, "second-key\n").unwrap();
    let new = eventually("the new key is used", PATIENCE, async || {
        let row = house.sanction(wish.uuid).await.unwrap();
        (row.key_id != old.key_id).then_some(row)
    })
    .await;
    assert_eq!(new.status, SanctionStatus::NoHit);
    assert_eq!(house.vendor.heard(Endpoint::Sanction).pop().unwrap().headers["x-api-key"], "second-key");
}

/// F33: a key that is no file is read when the node starts; answers to the old key do not serve the new one.
#[tokio::test]
async fn f33_a_new_key_asks_anew() {
    let house = House::new().await;
    let wish = wish(&house, 1).await;
    let old = house.sanction(wish.uuid).await.unwrap();
    let house = house.restarted(&[("WAYBILL__CHAINALYSIS__SANCTION_API_KEY", "another-key")]).await;
    let new = house.sanction(wish.uuid).await.unwrap();
    assert_ne!(old.key_id, new.key_id);
    assert_eq!(new.shares_request, None);
    assert_eq!(house.vendor.heard(Endpoint::Sanction).pop().unwrap().headers["x-api-key"], "another-key");
}
