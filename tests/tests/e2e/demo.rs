//! `waybill demo`: what it shows, asserts, and leaves behind.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use serde_json::json;
use waybill_testkit::{PortBlock, Program, ProgramBuilder, TestFolder, built_program, free_ports};
use waybill_tests::{Client, ROBOT_ID, SOON, Terminal, unique};

const TITLES: [&str; 13] = [
    "Who can receive?",
    "Does the address belong to a customer there?",
    "Who sends, and who receives?",
    "Is there a risk?",
    "The same request once more",
    "A name that does not fit",
    "Look it up",
    "The transaction is on its way",
    "How far is the transfer?",
    "Two withdrawals, one transaction",
    "The customer changes their mind",
    "The other direction",
    "A VASP that nobody knows",
];
const PERSONAL: [&str; 8] = [
    "Barnes",
    "Robert",
    "Robbins",
    "Taylor",
    "Stranger",
    "Harbour Light",
    "1984-05-17",
    "0x5811001506550d8356a215be229c15b6ef371a9b",
];

/// For all steps together, on a machine that is busy with other things.
const A_WALK: Duration = Duration::from_secs(8 * SOON.as_secs());

/// The end of the line that asks for a key.
const PROMPT: &str = " quit ";

/// Ports, and a folder in which the demo makes its own.
struct Place {
    ports: PortBlock,
    folder: TestFolder,
    temporary: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = TestFolder::new();
        let temporary = folder.join("temporary");
        std::fs::create_dir(&temporary).unwrap();
        Self { ports: free_ports(301), folder, temporary }
    }

    fn program(&self, arguments: &[&str]) -> ProgramBuilder {
        let base = self.ports.base().to_string();
        let arguments = [&["demo", "--port-base", &base], arguments].concat();
        Program::waybill(&unique("demo"), &self.folder).args(arguments).env("TMPDIR", &self.temporary)
    }

    /// Runs it to its end without a terminal: how it ended, standard output, standard error.
    async fn run(&self, arguments: &[&str]) -> (ExitStatus, String, String) {
        let mut program = self.program(arguments).start();
        let ended = program.wait_for_exit(A_WALK).await;
        (ended, program.stdout(), program.stderr())
    }

    /// As [`Place::run`], and it must end well: the reason stands first, the end of what it printed behind.
    async fn walk(&self, arguments: &[&str]) -> String {
        let (ended, output, errors) = self.run(arguments).await;
        let from = output.len().saturating_sub(2000);
        let tail = output.get(output.ceil_char_boundary(from)..).unwrap_or_default();
        assert!(ended.success(), "{ended}: {errors}\nafter …{tail}");
        assert_eq!(errors, "");
        output
    }

    fn terminal(&self, more: &[(&str, &str)]) -> Terminal {
        let command =
            format!("{} demo --port-base {}", built_program("waybill").display(), self.ports.base());
        let more = more.iter().map(|(name, value)| (*name, value.as_ref()));
        let env: Vec<_> = more.chain([("TMPDIR", self.temporary.as_os_str())]).collect();
        Terminal::start(&command, &env)
    }

    fn nothing_is_left(&self) {
        let left: Vec<_> = std::fs::read_dir(&self.temporary).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        for offset in [117, 118, 128, 217, 218, 228, 300] {
            TcpListener::bind(("127.0.0.1", self.ports.base() + offset)).expect("the port is free again");
        }
    }
}

/// The parts of the output that show a message between the nodes, from their title to the next empty line.
fn between_the_nodes(output: &str) -> Vec<&str> {
    let parts = output.split("\n\n");
    parts.filter(|part| part.lines().next().is_some_and(|title| title.contains(" → "))).collect()
}

#[tokio::test]
async fn without_a_terminal_it_walks_through_and_leaves_nothing_behind() {
    let place = Place::new();
    let output = place.walk(&["--yes"]).await;
    assert!(!output.contains(['\u{1b}', '\r']), "plain text");
    let mut rest = output.as_str();
    for (at, title) in TITLES.iter().enumerate() {
        let heading = format!("\n{}. {title}\n", at + 1);
        let found = rest.find(&heading).unwrap_or_else(|| panic!("no {heading:?} in its place:\n{output}"));
        rest = &rest[found + heading.len()..];
    }
    let (_, summary) = rest.split_once("The whole withdrawal").expect("a summary");
    assert!(TITLES.iter().all(|title| summary.contains(title)), "{summary}");
    assert!(summary.contains("✓ 13 steps in ") && summary.contains("nothing is left behind"), "{summary}");
    place.nothing_is_left();
}

#[tokio::test]
async fn names_are_shown_with_the_backends_and_never_between_the_nodes() {
    let place = Place::new();
    let output = place.walk(&[]).await;
    let messages = between_the_nodes(&output);
    let kinds = ["accounts", "verifications", "inquiries", "errors"];
    for kind in kinds {
        assert!(
            messages.iter().any(|part| part.contains(&format!("/peer/v1/{kind}"))),
            "{kind}: {messages:?}"
        );
    }
    for personal in PERSONAL {
        assert!(output.contains(personal), "{personal} is shown with the backends");
        assert!(messages.iter().all(|part| !part.contains(personal)), "{personal} in {messages:?}");
    }
    assert!(messages.iter().filter(|part| part.contains("\"ciphertext\": \"")).count() >= 4, "{messages:?}");
}

#[tokio::test]
async fn a_chosen_folder_stays_and_can_be_used_again() {
    let place = Place::new();
    let state = place.folder.join("state").display().to_string();
    for _ in 0..2 {
        let output = place.walk(&["--yes", "--folder", &state]).await;
        assert!(output.contains(&format!("the state stays in {state}")), "{output}");
    }
    assert!(place.folder.join("state/ours/waybill.sqlite").is_file());
    place.nothing_is_left();
}

#[tokio::test]
async fn a_taken_port_is_told_with_its_remedy() {
    for offset in [128, 217, 300] {
        let place = Place::new();
        let _other = TcpListener::bind(("127.0.0.1", place.ports.base() + offset)).unwrap();
        let (ended, _, errors) = place.run(&["--yes"]).await;
        assert_eq!(ended.code(), Some(1), "{errors}");
        assert!(
            errors.contains("another program is using the port") && errors.contains("--port-base"),
            "{errors}"
        );
        drop(_other);
        place.nothing_is_left();
    }
}

#[tokio::test]
async fn at_a_terminal_enter_goes_on_to_the_end() {
    let place = Place::new();
    let mut terminal = place.terminal(&[]);
    for (at, title) in TITLES.iter().enumerate() {
        terminal.wait_for(PROMPT).await;
        terminal.press("\r").await;
        terminal.wait_for(&format!("{}. {title}", at + 1)).await;
    }
    let (ended, shown) = terminal.end().await;
    assert!(ended.success(), "{shown}");
    assert!(shown.contains("\u{1b}[") && shown.contains("13 steps in "), "{shown}");
    place.nothing_is_left();
}

#[tokio::test]
async fn q_leaves_and_colours_can_be_declined() {
    let place = Place::new();
    let mut terminal = place.terminal(&[("NO_COLOR", "1")]);
    let mut shown = terminal.wait_for(PROMPT).await;
    terminal.press("\r").await;
    shown += &terminal.wait_for("we may send to it").await;
    shown += &terminal.wait_for(PROMPT).await;
    terminal.press("q").await;
    let (ended, rest) = terminal.end().await;
    assert!(ended.success(), "{rest}");
    assert!(!rest.contains("2. "), "{rest}");
    let coloured = shown.split("\u{1b}[").skip(1).any(|code| !code.starts_with('K'));
    assert!(!coloured, "{shown:?}");
    place.nothing_is_left();
}

#[tokio::test]
async fn ctrl_c_stops_cleanly() {
    let place = Place::new();
    let mut terminal = place.terminal(&[]);
    terminal.wait_for(PROMPT).await;
    terminal.press("\u{3}").await;
    let (ended, shown) = terminal.end().await;
    assert_eq!(ended.code(), Some(130), "{shown}");
    assert!(shown.contains("  Stopped.\r\n") && !shown.contains("waybill:"), "{shown}");
    place.nothing_is_left();
}

#[tokio::test]
async fn a_signal_in_the_middle_stops_cleanly() {
    let place = Place::new();
    let mut program = place.program(&[]).start();
    program.wait_for_line("1. Who can receive?", SOON).await;
    program.terminate();
    let ended = program.wait_for_exit(A_WALK).await;
    // A quick machine may have come to the end before.
    match ended.code() {
        Some(130) => assert!(program.stdout().contains("\n  Stopped.\n"), "{}", program.stdout()),
        code => assert_eq!(code, Some(0), "{}", program.stderr()),
    }
    assert_eq!(program.stderr(), "");
    place.nothing_is_left();
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_ends_it_without_a_word() {
    let place = Place::new();
    let script =
        r#""$@" | { read -r line; read -r line; echo "$line"; }; echo "ended with ${PIPESTATUS[0]}""#;
    let waybill = built_program("waybill").display().to_string();
    let base = place.ports.base().to_string();
    let program = Program::at("/bin/bash".as_ref(), &unique("demo"), &place.folder).args([
        "-c",
        script,
        "bash",
        &waybill,
        "demo",
        "--port-base",
        &base,
    ]);
    let mut program = program.env("TMPDIR", &place.temporary).start();
    assert!(program.wait_for_exit(A_WALK).await.success());
    assert_eq!(program.stdout(), "Waybill: a withdrawal, step by step\nended with 0\n");
    assert_eq!(program.stderr(), "");
    place.nothing_is_left();
}

/// A backend that is too slow for the first account check: the demo asks again, as a backend would.
#[tokio::test]
async fn an_answer_that_comes_too_late_is_asked_for_again() {
    let place = Place::new();
    let mut terminal = place.terminal(&[]);
    terminal.wait_for(PROMPT).await;
    terminal.press("\r").await;
    terminal.wait_for(PROMPT).await;
    let sandbox = Client::new(place.ports.base() + 300);
    let mode = json!({"mode": "slow", "endpoint": "account", "times": 1});
    sandbox.put(&format!("/vasps/{ROBOT_ID}/mode"), &mode).await.ok();
    terminal.press("\r").await;
    terminal.wait_for("408 REQUEST-TIMEOUT after ").await;
    terminal.wait_for("VERIFIED: ").await;
    terminal.wait_for(PROMPT).await;
    terminal.press("q").await;
    let (ended, shown) = terminal.end().await;
    assert!(ended.success(), "{shown}");
    place.nothing_is_left();
}

#[tokio::test]
async fn a_step_that_breaks_its_promise_fails_the_demo() {
    let place = Place::new();
    let mut terminal = place.terminal(&[]);
    terminal.wait_for(PROMPT).await;
    terminal.press("\r").await;
    terminal.wait_for(PROMPT).await;
    let sandbox = Client::new(place.ports.base() + 300);
    let mode = json!({"mode": "nonsense", "endpoint": "account"});
    sandbox.put(&format!("/vasps/{ROBOT_ID}/mode"), &mode).await.ok();
    terminal.press("\r").await;
    let (ended, shown) = terminal.end().await;
    assert_eq!(ended.code(), Some(1), "{shown}");
    let why = "step 2 of 13, \"Does the address belong to a customer there?\" did not give what it promises";
    assert!(shown.contains(why), "{shown}");
    assert!(!shown.contains("VERIFIED: "), "{shown}");
    place.nothing_is_left();
}
