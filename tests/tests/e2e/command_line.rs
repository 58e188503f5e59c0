//! What the program says about itself, word by word.

use waybill_testkit::TestFolder;
use waybill_tests::{stderr, stdout, waybill};

fn help(of: &[&str]) -> String {
    let output = waybill(&[of, &["--help"]].concat(), &TestFolder::new());
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn help_of_the_program() {
    insta::assert_snapshot!(help(&[]));
}

#[test]
fn help_of_the_commands() {
    let commands: &[&[&str]] = &[
        &["dev"],
        &["demo"],
        &["run"],
        &["config"],
        &["config", "check"],
        &["config", "show"],
        &["doctor"],
        &["directory", "sign"],
        &["directory", "verify"],
        &["api-keys", "create"],
        &["api-keys", "list"],
        &["api-keys", "revoke"],
        &["callbacks", "list"],
        &["callbacks", "replay"],
        &["dead", "list"],
        &["dead", "show"],
        &["dead", "redrive"],
        &["dead", "drop"],
        &["keys", "list"],
        &["keys", "add"],
        &["keys", "rotate"],
        &["keys", "retire"],
        &["retention", "preview"],
        &["retention", "run"],
        &["generate"],
        &["ivms101", "check"],
        &["ivms101", "convert"],
    ];
    let all: Vec<String> =
        commands.iter().map(|of| format!("== waybill {} --help\n{}", of.join(" "), help(of))).collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_misspelt_command_is_refused_with_a_hint() {
    let output = waybill(&["rum"], &TestFolder::new());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a similar subcommand exists: 'run'"), "{}", stderr(&output));
}

#[test]
fn generated_keys_differ_and_are_accepted() {
    let folder = TestFolder::new();
    let mut seen = Vec::new();
    for what in ["identity-key", "directory-key", "encryption-key", "callback-secret"] {
        for _ in 0..2 {
            let output = waybill(&["generate", what], &folder);
            assert!(output.status.success(), "{}", stderr(&output));
            seen.push(stdout(&output));
        }
    }
    let number = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), number);
}
