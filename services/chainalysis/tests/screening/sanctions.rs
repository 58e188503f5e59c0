//! The sanction look-up: who is asked about what, and what becomes of the answer.

use serde_json::json;
use waybill_domain::{Direction, Role, SanctionStatus, ScreeningOrigin, VerificationUuid};

use crate::house::{House, SANCTION_KEY};
use crate::vendor::{Act, Endpoint};
use crate::verification::{BENEFICIARY, ORIGINATOR, OURS, PEER, Wish};

const HIT: &str = "SANCTIONS: OFAC SDN Example 2021-04-15";

fn hit() -> Act {
    Act::ok(json!({"identifications": [
        {"category": "sanctions", "name": HIT, "description": "a\n\nb", "url": "https://home.treasury.gov/x"}
    ]}))
}

/// Acceptance 7: an empty list is NOHIT, with the key in its header.
#[tokio::test]
async fn the_originator_has_the_beneficiarys_address_looked_up() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let row = house.sanction(wish.uuid).await.unwrap();
    assert_eq!((row.status, row.direction), (SanctionStatus::NoHit, Direction::Outgoing));
    assert_eq!((&*row.address, row.counterparty_vasp_id), (BENEFICIARY, PEER));
    assert_eq!((row.origin, row.reason, row.shares_request), (ScreeningOrigin::Api, None, None));
    let heard = house.vendor.heard(Endpoint::Sanction).remove(0);
    assert_eq!(heard.path, format!("/api/v1/address/{BENEFICIARY}"));
    assert_eq!(heard.headers["x-api-key"], SANCTION_KEY);
    assert_eq!(heard.headers["accept"], "application/json");
    assert!(!row.key_id.unwrap().contains("key"), "the name of the key tells nothing of it");
}

/// Acceptance 7: a hit has the three fields of the list.
#[tokio::test]
async fn the_beneficiary_has_the_originators_address_looked_up() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Beneficiary);
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Sanction, hit());
    let row = house.sanction(wish.uuid).await.unwrap();
    assert_eq!((row.status, row.direction), (SanctionStatus::Sanction, Direction::Incoming));
    assert_eq!((&*row.address, row.counterparty_vasp_id), (ORIGINATOR, PEER));
    assert_eq!(row.ofac_name.as_deref(), Some(HIT));
    assert_eq!(row.ofac_description.as_deref(), Some("a\n\nb"));
    assert_eq!(row.ofac_url.as_deref(), Some("https://home.treasury.gov/x"));
}

#[tokio::test]
async fn a_vasp_that_is_its_own_counterparty_acts_as_the_originator() {
    let house = House::new().await;
    let wish = Wish { peer: OURS, ..Wish::of(1, Role::Originator) };
    house.verification(&wish).await;
    let row = house.sanction(wish.uuid).await.unwrap();
    assert_eq!((row.direction, row.counterparty_vasp_id), (Direction::Outgoing, OURS));
    assert_eq!(row.address, BENEFICIARY);
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_refused() {
    let house = House::new().await;
    let unknown = VerificationUuid::from_random([9; 16]);
    let fault = house.sanction(unknown).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "NOT-FOUND-VERIFICATION"));
    assert_eq!(fault.message, format!("Verification({unknown}) is not found"));
    let wish = Wish { is_waiting: true, ..Wish::of(1, Role::Originator) };
    house.verification(&wish).await;
    let fault = house.sanction(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (400, "UNSUPPORTED-RISK-ASSESSMENT"));
    assert_eq!(house.vendor.count(Endpoint::Sanction), 0);
}

#[tokio::test]
async fn without_a_key_the_setting_is_named() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__SANCTION_API_KEY", "")]).await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let fault = house.sanction(wish.uuid).await.unwrap_err();
    assert_eq!((fault.status, &*fault.code), (503, "SCREENING-NOT-CONFIGURED"));
    assert!(fault.message.contains("chainalysis.sanction_api_key"), "{fault}");
}

#[tokio::test]
async fn the_same_address_is_asked_about_once_also_at_once() {
    let house = House::new().await;
    house.vendor.always(Endpoint::Sanction, hit());
    let wishes: Vec<_> = (1..=5).map(|byte| Wish::of(byte, Role::Originator)).collect();
    for wish in &wishes {
        house.verification(wish).await;
    }
    let [one, two, three, four, five] = &*wishes else { unreachable!() };
    let (one, two, three, four) = tokio::join!(
        house.sanction(one.uuid),
        house.sanction(two.uuid),
        house.sanction(three.uuid),
        house.sanction(four.uuid)
    );
    let mut rows = vec![one.unwrap(), two.unwrap(), three.unwrap(), four.unwrap()];
    rows.push(house.sanction(five.uuid).await.unwrap());
    assert_eq!(house.vendor.count(Endpoint::Sanction), 1, "the vendor is asked once");
    let own: Vec<_> = rows.iter().filter(|row| row.shares_request.is_none()).collect();
    assert_eq!(own.len(), 1);
    for row in &rows {
        assert_eq!((row.status, row.ofac_name.as_deref()), (SanctionStatus::Sanction, Some(HIT)));
        assert!(
            row.request_id == own[0].request_id || row.shares_request.as_ref() == Some(&own[0].request_id)
        );
    }
    house.clock.advance(std::time::Duration::from_secs(61));
    house.sanction(five.uuid).await.unwrap();
    assert_eq!(house.vendor.count(Endpoint::Sanction), 2, "an answer serves for a minute");
}

#[tokio::test]
async fn a_failure_serves_nobody_else() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.will(Endpoint::Sanction, [Act::ok(json!({}))]);
    assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::Error);
    assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::NoHit);
}

/// F34: an address is one segment of the path, and a tag is no part of it.
#[tokio::test]
async fn f34_addresses_are_encoded_and_go_without_a_tag() {
    let house = House::new().await;
    for (byte, account, path) in [
        (1, "a/../b?c=d#e", "/api/v1/address/a%2F..%2Fb%3Fc%3Dd%23e"),
        (2, "é%2F", "/api/v1/address/%C3%A9%252F"),
        (3, "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh:12345", "/api/v1/address/rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"),
    ] {
        let network = if byte == 3 { "XRP" } else { "Ethereum" };
        let wish = Wish {
            beneficiary: account.to_owned(),
            network: Some(network),
            ..Wish::of(byte, Role::Originator)
        };
        house.verification(&wish).await;
        assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::NoHit);
        assert_eq!(house.vendor.heard(Endpoint::Sanction).pop().unwrap().path, path);
    }
    let wish = Wish { beneficiary: "..".to_owned(), ..Wish::of(4, Role::Originator) };
    house.verification(&wish).await;
    assert_eq!(house.sanction(wish.uuid).await.unwrap().status, SanctionStatus::Error);
    assert_eq!(house.vendor.count(Endpoint::Sanction), 3, "nobody is asked about a path that leads upwards");
}
