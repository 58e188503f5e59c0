//! Personal data is found neither in the server's files nor in the logs.

use std::path::Path;

use serde_json::{Value, json};
use waybill_testkit::free_ports;
use waybill_testkit::servers::{Durability, Server};
use waybill_tests::{Client, Needles, Pair, edit, files_below, operate, person, unique_hash, verification};

use crate::DATABASE;

/// Names and a date that occur nowhere by chance; the last one is told by the robot's backend.
const PEOPLE: [&str; 5] = ["Quillfeather", "Zebulonius", "1931-07-23", "Nonsensical Remark", "Robbins"];
/// Accounts stand in clear columns, because the interface searches by them; and nowhere else.
const ACCOUNT: &str = "acct-planted-881203";

fn planted() -> Value {
    let originator = json!([person("Quillfeather", "Zebulonius", Some("1931-07-23"))]);
    let request = edit(verification(), "payload.ivms101.originator.originatorPersons", originator);
    edit(request, "payload.ivms101.originator.accountNumber", json!([ACCOUNT]))
}

fn found(texts: &[&str], folder: &Path, except: &[std::path::PathBuf]) -> Vec<String> {
    let needles = Needles::new(texts.iter().copied());
    let found = files_below(folder, except).into_iter().flat_map(|file| {
        let bytes = std::fs::read(&file).unwrap_or_default(); // some come and go
        needles.found_in(&bytes).into_iter().map(move |what| format!("{what}: {}", file.display()))
    });
    found.collect()
}

#[tokio::test]
async fn what_is_planted_is_not_in_the_servers_files() {
    let server = Server::start_private(DATABASE.kind(), Durability::Process);
    let mut pair = Pair::prepare_on(Some(&server)).await;
    let ports = free_ports(2);
    let admin = [0, 1].map(|offset| Client::new(ports.base() + offset));
    for (node, admin) in [&mut pair.ours, &mut pair.robot].into_iter().zip(admin) {
        let bind = format!("127.0.0.1:{}", admin.port());
        let env = [("WAYBILL__TELEMETRY__LOG_LEVEL", "debug"), ("WAYBILL__ADMIN__BIND", bind.as_str())];
        node.start(&pair.folder, &env).await;
    }
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    for key_type in ["PerVasp", "PerAddress", "PerVerification"] {
        let request = edit(planted(), "keyType", json!(key_type));
        let key = [("idempotency-key", key_type)];
        ours.api.post_with("/v1/verifications", &key, &request).await.ok();
        let uuid = ours.verify(&request).await;
        let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
        assert_eq!(told["verificationResult"], "VERIFIED", "{told}");
        ours.report_transaction(&uuid, &unique_hash(), None).await.ok();
        robot.backend.callback(&uuid, "TX_REPORT").await;
        for party in [ours, robot] {
            party.screen("chainalysis-sanction", &uuid).await.ok();
            for vendor in ["chainalysis-kyt", "refinitiv-wco"] {
                let request = party.request_id(vendor, &uuid).await;
                party.backend.assessment(&uuid, &request).await;
            }
        }
    }
    let uuid = ours.verify_until(&planted(), "VERIFIED").await;
    let report = json!({
        "verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED",
        "message": "Nonsensical Remark about Quillfeather"
    });
    ours.api.post("/v1/verifications/error", &report).await.ok();
    robot.backend.callback(&uuid, "ERROR_REPORT").await;
    operate(&pair, &["callbacks", "list"]);
    for admin in admin {
        let told = [admin.get("/metrics").await.body, admin.get("/readyz").await.body].concat();
        let needles = Needles::new(PEOPLE.into_iter().chain([ACCOUNT, uuid.as_str()]));
        assert_eq!(needles.found_in(&told), Vec::<String>::new(), "told to whoever runs the process");
        let told = String::from_utf8_lossy(&told).into_owned();
        assert!(
            told.contains("waybill_verification_duration_seconds_bucket"),
            "it tells nothing at all: {told}"
        );
    }
    pair.ours.stop().await;
    pair.robot.stop().await;
    server.stop(); // so that everything is on disk

    let sandbox = [pair.state().join("sandbox")];
    let log = server.log();
    assert_eq!(found(&PEOPLE, &server.data_folder(), &[]), Vec::<String>::new());
    assert_eq!(found(&PEOPLE, pair.folder.path(), &sandbox), Vec::<String>::new());
    let own_files = found(&[ACCOUNT], pair.folder.path(), &sandbox);
    assert_eq!(own_files, Vec::<String>::new());
    let everything = Needles::new(PEOPLE.into_iter().chain([ACCOUNT]));
    assert_eq!(everything.found_in(log.as_bytes()), Vec::<String>::new());
    let password = pair.ours.database.settings();
    let password = password.split(':').nth(2).and_then(|rest| rest.split('@').next()).expect("a password");
    let settings = ["ours", "robot"].map(|vasp| pair.state().join(vasp));
    let logs = found(&[password], pair.folder.path(), &settings);
    assert_eq!(logs, Vec::<String>::new(), "the password of the database");

    // The scanner works: the account is in the database, and the names are with the backends.
    assert!(!found(&[ACCOUNT], &server.data_folder(), &[]).is_empty());
    for name in PEOPLE {
        assert!(!found(&[name], &sandbox[0], &[]).is_empty(), "{name} was not planted well");
    }
    drop(pair);
}
