//! The examples of the README work as they are printed.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;
use waybill_tests::ROBOT_ID;

use crate::dev;

const README: &str = include_str!("../../../README.md");

/// The commands of the fenced `sh` blocks that call the nodes: each starts with `curl` at the beginning of a line.
fn commands() -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let blocks = README.split("```sh\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    for block in blocks.filter(|block| block.starts_with("curl")) {
        for line in block.lines() {
            match commands.last_mut() {
                Some(last) if !line.starts_with("curl") => last.push_str(&format!("\n{line}")),
                _ => commands.push(line.to_owned()),
            }
        }
    }
    commands
}

/// As typed, with these ports, and the uuid that an earlier answer gave.
async fn run(command: &str, uuid: &str) -> Value {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let sandbox = ours.api.port() - 117 + 300;
    let ports = [
        (21117, ours.api.port()),
        (21118, ours.listener.port()),
        (21217, robot.api.port()),
        (21218, robot.listener.port()),
        (21300, sandbox),
    ];
    let script = ports.iter().fold(command.to_owned(), |script, (printed, real)| {
        script.replace(&format!(":{printed}"), &format!(":{real}"))
    });
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("UUID", uuid)
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.code() != Some(127), "curl is missing: apt-get install curl");
    assert!(output.status.success(), "{command}\n{stderr}");
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{command}\n{error}: {stdout}"))
}

#[tokio::test]
async fn every_example_gets_an_answer_that_is_no_refusal() {
    let commands = commands();
    assert!(commands.len() >= 5, "{commands:?}");
    let (mut seen, mut verified) = (Vec::new(), String::new());
    for command in &commands {
        let answer = run(command, &verified).await;
        assert!(answer["code"].is_null(), "{command}\n{answer}");
        if answer["accountVerificationResult"].is_string() {
            assert_eq!(answer["accountVerificationResult"], "VERIFIED");
            seen.push("account");
        }
        if let Some(found) = answer["chainalysisSanction"].as_object() {
            assert_eq!(found["status"], "NOHIT");
            seen.push("sanctions");
        }
        if let Some(request) = answer["requestId"].as_str() {
            dev().await.ours.backend.assessment(&verified, request).await;
            seen.push("assessment");
        }
        if answer["riskAssessments"].as_array().is_some_and(|entries| entries.len() >= 3) {
            seen.push("history");
        }
        if let Some(uuid) = answer["verificationUuid"].as_str() {
            let record = dev().await.ours.until(uuid, "VERIFIED").await;
            assert_eq!(record["beneficiaryVaspId"], ROBOT_ID);
            verified = uuid.to_owned();
            seen.push("verification");
        }
    }
    let all = ["account", "verification", "sanctions", "assessment", "assessment", "history"];
    assert_eq!(seen, all, "the README shows each");
}
