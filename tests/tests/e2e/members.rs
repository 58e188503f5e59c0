//! The members: `GET /v1/vasps`, and what a directory that changes means for callers.

use serde_json::json;
use waybill_tests::{Member, OUR_ID, Pair, ROBOT_ID, account_check, edit, edit_directory, verification};

use crate::account::{is_time, names};
use crate::{DATABASE, dev};

#[tokio::test]
async fn we_are_who_we_are() {
    let answer = dev().await.ours.api.get("/v1/vasps/self").await.ok();
    assert_eq!(answer, json!({"vaspId": OUR_ID}));
    assert_eq!(dev().await.robot.api.get("/v1/vasps/self").await.ok(), json!({"vaspId": ROBOT_ID}));
}

#[tokio::test]
async fn both_members_are_listed_with_every_field() {
    for query in ["", "?protocol=ALL", "?protocol=ALLIANCE", "?protocol=VERIFYVASP", "?includesAll=true"] {
        let answer = dev().await.ours.api.get(&format!("/v1/vasps{query}")).await.ok();
        let vasps = answer["vasps"].as_array().unwrap();
        let mut ids: Vec<&str> = vasps.iter().map(|vasp| vasp["vaspId"].as_str().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, [OUR_ID, ROBOT_ID], "{query}");
        let robot = vasps.iter().find(|vasp| vasp["vaspId"] == ROBOT_ID).unwrap();
        assert_eq!(robot["protocol"], "ALLIANCE");
        assert_eq!(robot["vaspStatus"], "VERIFIED-MEMBER");
        assert_eq!(robot["isAlliance"], true);
        assert_eq!(robot["countryCode"], "SG");
        assert!(["UP", "DOWN"].contains(&robot["health"].as_str().unwrap()), "{robot}");
        assert!(is_time(&robot["createdAt"]) && is_time(&robot["updatedAt"]), "{robot}");
        for name in ["vaspName", "legalName", "jurisdiction", "country", "licensedStatus"] {
            assert!(robot[name].is_string(), "{name}: {robot}");
        }
        assert_eq!(names(robot).len(), 13, "{robot}");
    }
    let none = dev().await.ours.api.get("/v1/vasps?protocol=CODE").await.ok();
    assert_eq!(none, json!({"vasps": []}));
    dev().await.ours.api.get("/v1/vasps?protocol=SMOKE").await.is_refused(400, "INVALID-PROTOCOL");
}

#[tokio::test]
async fn an_inactive_member_is_refused_and_one_without_a_node_is_unavailable() {
    let mut pair = Pair::prepare(DATABASE).await;
    edit_directory(&pair.state(), |members| {
        members.push(edit(Member::new(77).entry(&members[1]), "active", json!(false)));
    });
    pair.ours.start(&pair.folder, &[]).await; // and the robot's node stays down
    let ours = pair.ours.party;
    for request in [account_check(), verification()] {
        let request = edit(request, "beneficiaryVaspId", json!("77"));
        let path =
            if request["symbol"].is_string() { "/v1/verifications/account" } else { "/v1/verifications" };
        let answer = ours.api.post(path, &request).await;
        answer.is_refused(400, "ALLIANCE-NOT-ACTIVE");
        assert_eq!(answer.json()["message"], "Alliance is not active now");
    }
    ours.check_account(&account_check()).await.is_refused(503, "COUNTERPARTY-UNAVAILABLE");
    let uuid = ours.verify(&verification()).await;
    assert_eq!(ours.record(&uuid).await["result"], "WAIT", "kept until the counterparty is back");
    pair.robot.start(&pair.folder, &[]).await;
    ours.until(&uuid, "VERIFIED").await;
}
