//! Starting, ending and dying: what was accepted is kept, and who cannot run says why.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};
use waybill_testkit::{eventually, free_ports};
use waybill_tests::{Dev, DevPlace, Pair, Party, SOON, unique_hash, verification};

use crate::DATABASE;

/// Everything that callers can see of both VASPs.
async fn everything(dev: &Dev) -> Value {
    json!([dev.ours.everything().await, dev.robot.everything().await])
}

/// One verification with its transaction, through to the end.
async fn withdrawal(ours: Party, robot: Party) {
    let uuid = ours.verify(&verification()).await;
    ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    ours.report_transaction(&uuid, &unique_hash(), None).await.ok();
    robot.backend.callback(&uuid, "TX_REPORT").await;
}

#[tokio::test]
async fn all_is_kept_after_an_end_and_after_a_death_until_it_is_to_be_forgotten() {
    let dev = Dev::start().await;
    withdrawal(dev.ours, dev.robot).await;
    let before = everything(&dev).await;

    let (ended, place) = dev.stop().await;
    assert_eq!(ended.code(), Some(0));
    let dev = place.start().await;
    assert_eq!(everything(&dev).await, before, "after an end");

    withdrawal(dev.ours, dev.robot).await;
    let before = everything(&dev).await;
    let dev = dev.kill().await.start().await;
    assert_eq!(everything(&dev).await, before, "after kill -9");

    let (_, place) = dev.stop().await;
    let dev = Dev::start_again(place, &["--fresh"]).await;
    let nothing = json!({"records": [0, []], "journal": [[], [], [], []]});
    assert_eq!(everything(&dev).await, json!([nothing, nothing]));
    withdrawal(dev.ours, dev.robot).await;
}

#[tokio::test]
async fn work_in_hand_at_the_end_is_finished_or_taken_up_again() {
    let dev = Dev::start().await;
    let slow = json!({"mode": "slow", "endpoint": "verification", "delayMs": 4000});
    dev.robot.backend.switch(&slow).await;
    let mut uuids = Vec::new();
    for _ in 0..5 {
        uuids.push(dev.ours.verify(&verification()).await);
    }
    dev.robot.backend.body("verification", &uuids[0]).await;
    let (ended, place) = dev.stop().await;
    assert_eq!(ended.code(), Some(0));

    let dev = place.start().await;
    for uuid in &uuids {
        dev.ours.backend.callback_within(uuid, "VERIFICATION_RESULT", Duration::from_secs(60)).await;
        for party in [dev.ours, dev.robot] {
            party.until(uuid, "VERIFIED").await;
        }
    }
    assert_eq!(dev.ours.list("").await.0, 5);
    assert_eq!(dev.robot.list("").await.0, 5);
}

#[tokio::test]
async fn a_callback_that_the_backend_refuses_is_kept_until_it_takes_it() {
    let dev = Dev::start().await;
    let refusing = json!({"mode": "error-503", "endpoint": "callback", "times": 2, "retryAfter": 1});
    dev.ours.backend.switch(&refusing).await;
    let uuid = dev.ours.verify(&verification()).await;
    let thrice =
        async || Some(dev.ours.backend.bodies("callback", &uuid).await).filter(|sent| sent.len() == 3);
    let sent = eventually("two refused deliveries and a good one", SOON, thrice).await;
    assert!(sent.iter().all(|body| *body == sent[0]), "{sent:?}");
    let (ended, place) = dev.stop().await;
    assert!(ended.success());
    let dev = place.start().await;
    let late = dev.ours.verify(&verification()).await;
    dev.ours.backend.callback(&late, "VERIFICATION_RESULT").await;
    assert_eq!(dev.ours.backend.callbacks(&uuid).await.len(), 3, "what was taken is not sent again");
}

#[tokio::test]
async fn a_second_one_on_the_same_folder_or_port_says_what_is_wrong() {
    let dev = Dev::start().await;

    let ports = free_ports(301);
    let state = dev.place().state().display().to_string();
    let base = ports.base().to_string();
    let mut second = waybill_testkit::Program::waybill("second", &dev.place().folder)
        .args(["dev", "--port-base", &base, "--folder", &state])
        .start();
    assert_eq!(second.wait_for_exit(SOON).await.code(), Some(1));
    assert!(
        second.stderr().contains(&format!("another node is using the folder {state}")),
        "{}",
        second.stderr()
    );
    assert_eq!(second.stderr().lines().count(), 1, "{}", second.stderr());

    let other = DevPlace::new();
    let mut arguments = dev.place().arguments();
    arguments[4] = other.state().display().to_string();
    let mut third = waybill_testkit::Program::waybill("third", &other.folder).args(arguments).start();
    assert_eq!(third.wait_for_exit(SOON).await.code(), Some(1));
    let said = third.stderr();
    assert!(said.contains("is using the port") && said.contains("--port-base N"), "{said}");
    assert!(said.contains(&(dev.place().ports.base() + 300).to_string()), "{said}");

    dev.ours.api.get("/healthcheck").await.ok();
}

#[tokio::test]
async fn each_of_the_ports_is_named_when_it_is_taken() {
    for offset in [117, 118, 217, 218, 300] {
        let place = DevPlace::new();
        let port = place.ports.base() + offset;
        let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let mut program = place.program("taken").start();
        assert_eq!(program.wait_for_exit(SOON).await.code(), Some(1));
        let said = program.stderr();
        assert!(said.contains(&port.to_string()) && said.contains("--port-base N"), "{said}");
    }
}

#[tokio::test]
async fn a_node_of_its_own_keeps_its_folder_and_port_too() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &[]).await;
    let config = pair.state().join("ours/waybill.toml");
    let arguments = ["run".as_ref(), "--config".as_ref(), config.as_os_str()];
    let mut second = waybill_testkit::Program::waybill("second", &pair.folder).args(arguments).start();
    assert_eq!(second.wait_for_exit(SOON).await.code(), Some(1));
    assert!(second.stderr().contains("another node is using the folder"), "{}", second.stderr());
    pair.ours.stop().await;
}
