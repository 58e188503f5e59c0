//! Thousands of requests that follow the document, and as many that break it (schemathesis, fixed order): no server error,
//! and no answer that the document does not describe.

use std::fs;
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;
use waybill_tests::{Dev, edit, to_us, verification};

use crate::tools::{A_STEP, committed, document, installed, run};

/// It takes a minute or two.
const A_WHILE: Duration = Duration::from_secs(5 * A_STEP.as_secs());
/// Of each kind. A report ends what can be done with a verification.
const MANY: usize = 40;

#[tokio::test]
async fn every_answer_is_described_and_none_is_a_server_error() {
    let tool = installed("schemathesis", "requirements.txt");
    let dev = Dev::start().await;
    let folder = dev.place().folder.join("schemathesis");
    fs::create_dir_all(&folder).unwrap();
    let document = document(dev.ours, &folder).await;
    let known = folder.join("verifications.json");
    let uuids = verifications(&dev).await;
    fs::write(&known, json!(uuids).to_string()).unwrap();
    let printed = run(
        Command::new(tool.join("bin/schemathesis"))
            .arg("--config-file")
            .arg(committed("schemathesis").join("schemathesis.toml"))
            .arg("run")
            .arg(document)
            .args(["--url", &format!("http://127.0.0.1:{}", dev.ours.api.port())])
            .args(["--phases", "examples,coverage,fuzzing"])
            .args(["--generation-deterministic", "--max-examples", "8"])
            .args(["--continue-on-failure", "--no-color", "--warnings", "off"])
            .args(["--suppress-health-check", "too_slow"]) // of this machine, not of the node
            .env("SCHEMATHESIS_HOOKS", committed("schemathesis").join("hooks.py"))
            .env("VERIFICATIONS", known)
            .current_dir(&folder),
        A_WHILE,
    )
    .await;
    let tested = printed.lines().find(|line| line.contains("Tested:"));
    assert!(tested.is_some_and(|line| line.ends_with("17")), "every operation is tested: {printed}");
    assert!(printed.contains("No issues found"), "{printed}");
    were_reached(&dev, &uuids).await;
}

/// Verifications that a report or an inquiry may be about: sent, received, and one that is denied.
async fn verifications(dev: &Dev) -> Vec<String> {
    let mut uuids = Vec::new();
    for _ in 0..MANY {
        uuids.push(dev.ours.verify(&verification()).await);
        uuids.push(dev.robot.verify(&to_us()).await);
    }
    for uuid in &uuids {
        dev.ours.until(uuid, "VERIFIED").await;
    }
    let unknown = edit(verification(), "payload.ivms101.beneficiary.accountNumber", json!(["0x0"]));
    uuids.push(dev.ours.verify_until(&unknown, "DENIED").await);
    uuids
}

/// Requests about verifications came to their end: reports were stored, the counterparty was asked.
async fn were_reached(dev: &Dev, uuids: &[String]) {
    let (mut transactions, mut errors) = (0, 0);
    for uuid in uuids {
        let record = dev.ours.record(uuid).await;
        transactions += usize::from(record["txHash"].is_string());
        errors += usize::from(record["result"] == "ERROR");
    }
    let inquiries = dev.robot.backend.journal("transaction").await.len();
    let reached = [transactions, errors, inquiries];
    assert!(reached.iter().all(|count| *count >= 5), "reports, error reports, inquiries: {reached:?}");
}
