//! `waybill doctor`: well nodes are well, and each illness is named with its remedy.

use serde_json::{Value, json};
use waybill_testkit::Program;
use waybill_tests::{Pair, ROBOT_ID, SOON, edit_directory, unique, verification};

use crate::DATABASE;

/// What the doctor says about our node, and its exit code.
async fn doctor(pair: &Pair, arguments: &[&str]) -> (String, Option<i32>) {
    let config = pair.state().join("ours/waybill.toml");
    let mut program = Program::waybill(&unique("doctor"), &pair.folder)
        .args(["doctor", "--config"])
        .args([config.as_os_str()])
        .args(arguments)
        .start();
    let ended = program.wait_for_exit(SOON).await;
    (program.stdout(), ended.code())
}

/// The verdict about one thing, the worst first.
async fn about(pair: &Pair, thing: &str) -> (String, String) {
    let (printed, code) = doctor(pair, &["--json"]).await;
    let findings: Value = serde_json::from_str(&printed).unwrap_or_else(|_| panic!("not JSON: {printed}"));
    let findings = findings.as_array().expect("a list");
    let of = |verdict: &str| findings.iter().find(|it| it["about"] == thing && it["verdict"] == verdict);
    let worst = of("fault").or_else(|| of("warning")).or_else(|| of("fine"));
    let worst = worst.unwrap_or_else(|| panic!("nothing about {thing}: {printed}"));
    let any_fault = findings.iter().any(|it| it["verdict"] == "fault");
    assert_eq!(code, Some(i32::from(any_fault)), "{printed}");
    assert_eq!(worst["mend"].is_string(), worst["verdict"] != "fine", "{worst}");
    let text = |key: &str| worst[key].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("text"))
}

async fn is_fault(pair: &Pair, thing: &str, because: &str) {
    let (verdict, text) = about(pair, thing).await;
    assert_eq!(verdict, "fault", "{text}");
    assert!(text.contains(because), "{text}");
}

#[tokio::test]
async fn a_running_node_is_well_and_stays_undisturbed() {
    let pair = Pair::start(DATABASE).await;
    let uuid = pair.ours.party.verify(&verification()).await;
    pair.ours.party.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    let (printed, code) = doctor(&pair, &["--strict"]).await;
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.ends_with("\n\nEverything is fine.\n"), "{printed}");
    for thing in [
        "settings",
        "disk",
        "database",
        "keyring",
        "api",
        "directory",
        "identity",
        "peers",
        "clock",
        "backend",
        "screening",
    ] {
        assert!(printed.contains(&format!("ok       {thing}")), "{thing}: {printed}");
    }
    let uuid = pair.ours.party.verify(&verification()).await;
    pair.ours.party.backend.callback(&uuid, "VERIFICATION_RESULT").await;
}

#[tokio::test]
async fn a_node_that_never_ran_needs_nothing_but_its_neighbours() {
    let pair = Pair::prepare(DATABASE).await;
    for file in ["waybill.sqlite", "waybill.sqlite-wal", "waybill.sqlite-shm"] {
        let _ = std::fs::remove_file(pair.state().join("ours").join(file)); // some are not there
    }
    assert_eq!(about(&pair, "database").await.0, "fine");
    assert!(!pair.state().join("ours/waybill.sqlite").exists(), "looking makes nothing");
    is_fault(&pair, "peers", "none of 1 VASPs can be reached").await;
}

/// Such as a gateway before a node that is down.
#[tokio::test]
async fn an_answer_that_is_no_node_s_is_none() {
    let pair = Pair::start(DATABASE).await;
    let own_api = pair.ours.party.api.port();
    edit_directory(&pair.state(), |members| {
        let robot = members.iter_mut().find(|member| member["vaspId"] == ROBOT_ID).unwrap();
        robot["endpoint"] = json!(format!("http://127.0.0.1:{own_api}/elsewhere"));
    });
    is_fault(&pair, "peers", "none of 1 VASPs can be reached").await;
    let (printed, _) = doctor(&pair, &[]).await;
    assert!(printed.contains("it answers 404 to GET /healthcheck"), "{printed}");
}

#[tokio::test]
async fn each_illness_is_named() {
    let pair = Pair::start(DATABASE).await;
    let uuid = pair.ours.party.verify(&verification()).await;
    pair.ours.party.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    let file = pair.state().join("ours/waybill.toml");
    let healthy = std::fs::read_to_string(&file).unwrap();
    let line = |key: &str| {
        let found = healthy.lines().find(|line| line.starts_with(&format!("{key} = ")));
        found.unwrap_or_else(|| panic!("no {key}")).to_owned()
    };
    let seed = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let other_key = format!("keys = \"other:{seed}\"");
    let other_identity = format!("key = \"{seed}\"");
    for (key, ill, thing, because) in [
        ("bind", "bind = \"nowhere\"", "settings", "ingress.bind"),
        ("vasp_id", "vasp_id = \"42\"", "identity", "has no member 42"),
        ("key", other_identity.as_str(), "identity", "is not in our entry of the directory"),
        ("keys", other_key.as_str(), "keyring", "which is not in the ring"),
        ("source", "source = \"missing.json\"", "directory", "missing.json"),
        ("kyt_api_key", "kyt_api_key = \"another\"", "screening", "chainalysis-kyt answers 403"),
        (
            "sanction_api_key",
            "sanction_api_key = \"another\"",
            "screening",
            "chainalysis-sanction answers 401",
        ),
        ("api_secret", "api_secret = \"another\"", "screening", "refinitiv-wco answers 401"),
        ("group_id", "group_id = \"another\"", "screening", "refinitiv-wco answers 404"),
        ("account_url", "account_url = \"http://127.0.0.1:1/account\"", "backend", "account_url"),
    ] {
        std::fs::write(&file, healthy.replacen(&line(key), ill, 1)).unwrap();
        is_fault(&pair, thing, because).await;
    }
    std::fs::write(&file, &healthy).unwrap();
    assert_eq!(about(&pair, "identity").await.0, "fine");
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_as_it_is() {
    let pair = Pair::start(DATABASE).await;
    let path = pair.state().join("ours/waybill.sqlite");
    std::fs::write(path.with_extension("broken"), b"no database").unwrap();
    let config = pair.state().join("ours/waybill.toml");
    let settings = std::fs::read_to_string(&config).unwrap();
    let broken = format!("{settings}\n[database]\npath = \"{}\"\n", path.with_extension("broken").display());
    std::fs::write(&config, broken).unwrap();
    is_fault(&pair, "database", "waybill.broken").await;
    assert_eq!(std::fs::read(path.with_extension("broken")).unwrap(), b"no database");
}
