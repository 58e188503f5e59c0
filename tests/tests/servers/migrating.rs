//! `waybill migrate`, and what `waybill run` says without it.

use std::time::Duration;

use waybill_testkit::servers::{Durability, Server};
use waybill_tests::{Pair, SOON, stderr, stdout, verification, waybill};

use crate::DATABASE;

fn migrate(pair: &Pair) -> std::process::Output {
    let config = pair.ours.config(&pair.folder).display().to_string();
    waybill(&["migrate", "--config", &config], &pair.folder)
}

#[tokio::test]
async fn several_at_once_apply_each_step_once() {
    let shared = DATABASE.server().expect("a server");
    let pair = Pair::unmigrated(Some(shared)).await;
    let outputs: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..3).map(|_| scope.spawn(|| migrate(&pair))).collect();
        started.into_iter().map(|thread| thread.join().expect("it ran")).collect()
    });
    let mut applied = Vec::new();
    for output in &outputs {
        assert!(output.status.success(), "{}", stderr(output));
        let text = stdout(output);
        assert!(
            text.trim_end().ends_with("the schema is up to date.") || text.contains("The schema is up"),
            "{text}"
        );
        applied.extend(text.lines().filter_map(|line| line.strip_prefix("applied ")).map(str::to_owned));
    }
    assert!(applied.len() >= 3 && applied[0].contains("enclave_tables"), "{applied:?}");
    let mut distinct = applied.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), applied.len(), "{applied:?}");

    let again = migrate(&pair);
    assert!(again.status.success());
    assert_eq!(stdout(&again), "The schema is up to date.\n");
}

#[tokio::test]
async fn a_node_does_not_run_on_a_schema_that_is_behind() {
    let mut pair = Pair::unmigrated(DATABASE.server()).await;
    let run = pair.ours.command("run", &pair.folder).env("WAYBILL__DATABASE__START_TIMEOUT", "1s");
    let mut run = run.start();
    let ended = run.wait_for_exit(SOON).await;
    assert_eq!(ended.code(), Some(1));
    assert!(run.stderr().contains("waybill migrate"), "{}", run.stderr());
    pair.ours.migrate(&pair.folder).await;
    pair.ours.start(&pair.folder, &[]).await;
    pair.ours.stop().await;
}

#[tokio::test]
async fn a_start_waits_for_a_server_that_is_away_but_not_for_ever() {
    let server = Server::start_private(DATABASE.kind(), Durability::Process);
    let mut pair = Pair::prepare_on(Some(&server)).await;
    server.stop();
    let impatient = pair.ours.command("run", &pair.folder).env("WAYBILL__DATABASE__START_TIMEOUT", "1s");
    let mut impatient = impatient.start();
    let ended = impatient.wait_for_exit(SOON).await;
    assert_eq!(ended.code(), Some(1));
    let told = impatient.stderr();
    assert!(told.contains("was not ready within") && told.contains("database.start_timeout"), "{told}");
    assert!(!told.contains("secret-"), "the password is not told: {told}");

    let mut patient = pair.ours.command("run", &pair.folder).start();
    patient.wait_for_line("waiting for the database", SOON).await;
    server.start();
    patient.wait_for_line("ready", Duration::from_secs(60)).await;
    pair.robot.start(&pair.folder, &[]).await;
    pair.ours.party.verify_until(&verification(), "VERIFIED").await;
    drop(patient);
    drop(pair);
}
