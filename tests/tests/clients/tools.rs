//! The tools that `cargo xtask test` installs into `target/tools/api`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;
use waybill_tests::{Party, SOON};

/// What is committed for a tool.
pub fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(name)
}

/// Where a tool is installed. Panics with what to do when it is not, or is another than the pinned one.
pub fn installed(name: &str, lock: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/api").join(name);
    let current =
        std::fs::read(folder.join("made-from")).ok() == std::fs::read(committed(name).join(lock)).ok();
    assert!(current, "the tools of tests/clients/{name} are not installed: run `cargo xtask api-tools`");
    folder
}

/// Runs a command to its end and gives what it printed. Panics unless it succeeds in time.
pub async fn run(command: &mut Command, deadline: Duration) -> String {
    let running = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = timeout(deadline, running).await.unwrap_or_else(|_| panic!("{command:?} takes too long"));
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{printed}\n{errors}", output.status);
    printed
}

/// Puts the document that our node serves into a folder; gives its path.
pub async fn document(of: Party, folder: &Path) -> PathBuf {
    let answer = of.api.get("/openapi.json").await;
    let path = folder.join("openapi.json");
    std::fs::write(&path, answer.ok().to_string()).expect("the folder can be written");
    path
}

/// Time for a step that takes seconds.
pub const A_STEP: Duration = Duration::from_secs(4 * SOON.as_secs());
