//! The interface's own example: what the vendor said of it, and what our backend is told.

use serde_json::json;
use waybill_domain::{Role, VaspId, format_time, parse_time};
use waybill_testkit::{MockClock, TestFolder};

use crate::house::House;
use crate::vendor::{Act, Endpoint, FakeVendor};
use crate::verification::{PEER, Wish};

/// Acceptance 4: every value of the callback but the two of our own clock.
#[tokio::test]
async fn the_interfaces_example_comes_out_as_it_stands_there() {
    let clock = MockClock::new(parse_time("2023-05-18T12:39:44.000Z").unwrap());
    let vendor = FakeVendor::start().await;
    let house = House::over(vendor, clock, TestFolder::new().into(), &[]).await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let external_id = "79382ac9-c7be-3fab-ad56-8c61c654e2fc";
    let summary = |identifier: &str| {
        json!({
            "asset": "ETH", "assetId": null, "network": "ETHEREUM",
            "address": "bb3fd383d1c5540e52ef0a7bcb9433375793aeaf", "attemptIdentifier": identifier, "assetAmount": 1.0,
            "usdAmount": 1820.17, "updatedAt": "2023-05-18T12:39:45.263+00:00", "externalId": external_id
        })
    };
    let mut registered = summary("");
    registered.as_object_mut().unwrap().remove("attemptIdentifier");
    house.vendor.always(Endpoint::Register, Act::Json(202, registered));
    house.vendor.always(Endpoint::Summary, Act::ok(summary("f7231c6f-f1e7-4ae7-b143-2c87cd38abe9")));
    house.vendor.always(
        Endpoint::Alerts,
        Act::ok(json!({"alerts": [{
            "alertLevel": "MEDIUM", "category": "high risk exchange",
            "service": "HIGH RISK EXCHANGE: SimpleSwap.io bb3fd383d1c5540e52ef0a7bcb9433375793aeaf",
            "externalId": "118b8cc8-f579-11ed-b86d-a3210c6ca9b8", "alertAmount": 1820.17, "exposureType": "DIRECT",
            "categoryId": 4
        }]})),
    );
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.until_processed(&id).await;
    let kyt = json!({
        "counterpartyVaspId": row.counterparty_vasp_id, "apiType": row.api_type, "userId": row.user_id,
        "direction": row.direction, "network": row.network, "asset": row.asset, "amount": row.amount,
        "usdPrice": row.usd_price, "outputAddress": row.output_address,
        "timestamp": row.timestamp.map(format_time), "externalId": row.external_id, "status": row.status,
        "alertCount": row.alert_count, "assessedAt": row.assessed_at.map(format_time),
    });
    let expected = json!({
        "counterpartyVaspId": "15952089931162059995", "apiType": "ATTEMPT", "userId": "15952089931162059995",
        "direction": "OUTGOING", "network": "ETHEREUM", "asset": "ETH", "amount": "1", "usdPrice": "1820.17",
        "outputAddress": "bb3fd383d1c5540e52ef0a7bcb9433375793aeaf", "timestamp": "2023-05-18T12:39:44.000Z",
        "externalId": "79382ac9-c7be-3fab-ad56-8c61c654e2fc", "status": "PROCESSED", "alertCount": 1,
        "assessedAt": "2023-05-18T12:39:45.263Z",
    });
    assert_eq!(kyt, expected);
    assert_eq!((PEER, row.transfer_ref.as_deref()), (VaspId::new(15_952_089_931_162_059_995), None));
    let alert = house.alerts(&row).await.remove(0);
    let alert = json!({
        "externalId": alert.external_id, "alertId": alert.alert_id, "alertLevel": alert.alert_level,
        "entityCategory": alert.entity_category, "serviceName": alert.service_name,
        "exposureType": alert.exposure_type, "alertAmount": alert.alert_amount,
    });
    let expected = json!({
        "externalId": "79382ac9-c7be-3fab-ad56-8c61c654e2fc", "alertId": "118b8cc8-f579-11ed-b86d-a3210c6ca9b8",
        "alertLevel": "MEDIUM", "entityCategory": "high risk exchange",
        "serviceName": "HIGH RISK EXCHANGE: SimpleSwap.io bb3fd383d1c5540e52ef0a7bcb9433375793aeaf",
        "exposureType": "DIRECT", "alertAmount": "1820.17",
    });
    assert_eq!(alert, expected);
    assert_eq!(house.vendor.count(Endpoint::Categories), 0, "an older answer has the word itself");
}
