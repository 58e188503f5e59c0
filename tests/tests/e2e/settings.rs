//! `waybill config check | show`, and starting with mistakes.

use waybill_testkit::TestFolder;

use waybill_tests::{stderr, stdout, waybill};

const SECRETS: [&str; 3] = [
    "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=",
    "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q=",
    "a-token-that-nobody-may-see",
];

/// Settings with which a node could run.
fn good() -> String {
    let [identity, encryption, token] = SECRETS;
    format!(
        r#"
[node]
vasp_id = "15952089931162059995"

[directory]
source = "directory.json"
trust_root = "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"

[identity]
key = "{identity}"

[encryption]
keys = "k1:{encryption}"

[backend]
account_url = "http://127.0.0.1:1/account"
verification_url = "http://127.0.0.1:1/verification"
transaction_url = "http://127.0.0.1:1/transaction"
callback_url = "http://127.0.0.1:1/callback"
authorization_token = "{token}"
"#
    )
}

#[test]
fn good_settings_are_called_good() {
    let folder = TestFolder::new();
    folder.write("waybill.toml", good());
    let output = waybill(&["config", "check", "--config", "waybill.toml"], &folder);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "The settings are good.\n");
}

#[test]
fn settings_are_shown_without_secrets() {
    let folder = TestFolder::new();
    folder.write("waybill.toml", good());
    let output = waybill(&["config", "show", "--config", "waybill.toml"], &folder);
    assert!(output.status.success(), "{}", stderr(&output));
    let shown = stdout(&output);
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{shown}");
    }
    for visible in ["15952089931162059995", "127.0.0.1:21117", "authorization_token", "waybill.toml line"] {
        assert!(shown.contains(visible), "{visible}: {shown}");
    }
}

#[test]
fn every_mistake_is_listed_at_once_and_the_node_does_not_start() {
    let folder = TestFolder::new();
    let wrong = good()
        .replace("vasp_id = \"15952089931162059995\"", "vasp_id = \"-1\"\nvasp_ids = 2")
        .replace("\"http://127.0.0.1:1/account\"", "\"ftp://127.0.0.1/account\"")
        .replace(SECRETS[0], "too short")
        + "\n[ingress]\nbind = \"nowhere\"\nrequest_timeout = \"soon\"\n[smoke]\nsignal = 1\n";
    folder.write("waybill.toml", wrong);
    let mut said = Vec::new();
    for command in ["config check", "config show", "run"] {
        let arguments: Vec<&str> = command.split(' ').chain(["--config", "waybill.toml"]).collect();
        let output = waybill(&arguments, &folder);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert_eq!(stdout(&output), "", "{command}");
        said.push(stderr(&output));
    }
    let mistakes = &said[0];
    for mistake in [
        "node.vasp_id",
        "node.vasp_ids",
        "backend.account_url",
        "identity.key",
        "ingress.bind",
        "ingress.request_timeout",
        "smoke",
    ] {
        assert!(mistakes.contains(mistake), "{mistake}: {mistakes}");
    }
    assert!(mistakes.contains("the settings hold 7 mistakes:"), "{mistakes}");
    assert!(mistakes.contains("waybill.toml line "), "{mistakes}");
    assert!(!mistakes.contains("too short"), "a secret that is wrong is a secret still: {mistakes}");
    assert!(said.iter().all(|said| said == mistakes), "{said:?}");
}

#[test]
fn a_node_without_settings_says_what_it_needs() {
    let output = waybill(&["run"], &TestFolder::new());
    assert_eq!(output.status.code(), Some(1));
    for needed in
        ["node.vasp_id", "directory.source", "directory.trust_root", "identity.key", "encryption.keys"]
    {
        assert!(stderr(&output).contains(needed), "{needed}: {}", stderr(&output));
    }
}
