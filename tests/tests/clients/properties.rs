//! Thousands of requests that follow the document, and as many that break it (schemathesis, fixed order): no server error,
//! and no answer that the document does not describe.

use tokio::process::Command;
use waybill_tests::Dev;

use crate::tools::{A_STEP, committed, document, installed, run};

#[tokio::test]
async fn every_answer_is_described_and_none_is_a_server_error() {
    let tool = installed("schemathesis", "requirements.txt");
    let dev = Dev::start().await;
    let folder = dev.place().folder.join("schemathesis");
    std::fs::create_dir_all(&folder).unwrap();
    let document = document(dev.ours, &folder).await;
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
            .current_dir(&folder),
        A_STEP,
    )
    .await;
    let tested = printed.lines().find(|line| line.contains("Tested:"));
    assert!(tested.is_some_and(|line| line.ends_with("11")), "every operation is tested: {printed}");
    assert!(printed.contains("No issues found"), "{printed}");
}
