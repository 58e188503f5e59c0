//! Running a command of the program to its end.

use std::process::{Command, Output};

use waybill_testkit::{TestFolder, built_program};

use crate::Pair;

/// Runs it with nothing in its environment.
pub fn waybill(arguments: &[&str], folder: &TestFolder) -> Output {
    let mut program = Command::new(built_program("waybill"));
    program.args(arguments).current_dir(folder.path()).env_clear().output().expect("the program starts")
}

/// What it printed.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it prints UTF-8")
}

/// What it logged.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("it logs UTF-8")
}

/// Runs a command on the settings of our node; it must succeed.
pub fn operate(pair: &Pair, command: &[&str]) -> String {
    let config = pair.ours.config(&pair.folder).display().to_string();
    let output = waybill(&[command, &["--config", &config]].concat(), &pair.folder);
    assert!(output.status.success(), "{command:?}: {}", stderr(&output));
    stdout(&output)
}

/// What the program says of a command on our node that it refuses.
pub fn refused(pair: &Pair, command: &[&str]) -> String {
    let config = pair.ours.config(&pair.folder);
    let arguments = [command, &["--config", config.to_str().expect("a path is text")]].concat();
    let output = waybill(&arguments, &pair.folder);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    stderr(&output)
}
