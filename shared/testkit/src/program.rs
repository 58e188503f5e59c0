//! Starting a real program, watching it, and ending it, gently or not.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::readiness::answers_200;
use crate::{TestFolder, eventually};

/// How long a program may take to be gone after `kill -9`.
const DEATH: Duration = Duration::from_secs(10);

/// The path of a program of this workspace, built in the same profile as the running test.
///
/// Panics with the command to run when it was not built.
pub fn built_program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test knows its own path");
    // target/<profile>/deps/<test>, or target/<profile>/<program> → target/<profile>/<name>
    let folder = test.parent().expect("a program lies in a folder");
    let profile = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let path = profile.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    let release = if profile.ends_with("release") { " --release" } else { "" };
    assert!(path.is_file(), "no {}: run `cargo build -p {name}{release}` first", path.display());
    path
}

/// What to start, and how.
#[derive(Debug)]
pub struct ProgramBuilder {
    command: Command,
    folder: PathBuf,
    name: String,
}

impl ProgramBuilder {
    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<std::ffi::OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Gives the program an environment variable; it sees no other.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it. Panics when the system cannot.
    pub fn start(mut self) -> Program {
        let stdout = self.folder.join(format!("{}.stdout.log", self.name));
        let stderr = self.folder.join(format!("{}.stderr.log", self.name));
        let child = self
            .command
            .stdin(Stdio::null())
            .stdout(append(&stdout))
            .stderr(append(&stderr))
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.name));
        Program { child, name: self.name, stdout, stderr }
    }
}

/// A running program. Its output goes to files in its folder; a second start there appends.
///
/// Dropping it kills it (its own process only) and, when the test is failing, prints the end of its output.
#[derive(Debug)]
pub struct Program {
    child: Child,
    name: String,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Program {
    /// Prepares the `waybill` program of this workspace. `name` tells several in one folder apart.
    pub fn waybill(name: &str, folder: &TestFolder) -> ProgramBuilder {
        Self::at(&built_program("waybill"), name, folder)
    }

    /// Prepares any program: working folder `folder`, empty environment.
    pub fn at(path: &Path, name: &str, folder: &TestFolder) -> ProgramBuilder {
        let mut command = Command::new(path);
        command.current_dir(folder.path()).env_clear();
        ProgramBuilder { command, folder: folder.path().to_owned(), name: name.to_owned() }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    pub fn stdout(&self) -> String {
        read(&self.stdout)
    }

    /// What it logged so far.
    pub fn stderr(&self) -> String {
        read(&self.stderr)
    }

    /// Waits for a line, on either output, that contains `text`, and returns it. Panics when the program ends first.
    pub async fn wait_for_line(&mut self, text: &str, deadline: Duration) -> String {
        let what = format!("a line with {text:?} from {}", self.name);
        eventually(&what, deadline, async || {
            let running = self.is_running();
            let found = find_line(&self.stdout(), text).or_else(|| find_line(&self.stderr(), text));
            assert!(running || found.is_some(), "{} ended before {text:?}", self.name);
            found
        })
        .await
    }

    /// Waits until `GET http://127.0.0.1:{port}{path}` answers 200. Panics when the program ends first.
    pub async fn wait_for_http(&mut self, port: u16, path: &str, deadline: Duration) {
        let what = format!("200 from {} on port {port}{path}", self.name);
        eventually(&what, deadline, async || {
            assert!(self.is_running(), "{} ended before it answered", self.name);
            answers_200(port, path).await.then_some(())
        })
        .await;
    }

    /// Waits until it ended by itself, and says how.
    pub async fn wait_for_exit(&mut self, deadline: Duration) -> ExitStatus {
        let what = format!("the end of {}", self.name);
        eventually(&what, deadline, async || self.try_wait()).await
    }

    /// True while it runs.
    pub fn is_running(&mut self) -> bool {
        self.try_wait().is_none()
    }

    /// `kill -9`: it gets no chance to clean up. Returns when it is gone.
    pub async fn kill9(&mut self) {
        self.child.kill().expect("a child may be killed");
        self.wait_for_exit(DEATH).await;
    }

    /// Asks it to shut down gracefully (SIGTERM). Follow with [`Program::wait_for_exit`].
    pub fn terminate(&mut self) {
        if self.is_running() {
            let sent = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
            assert!(sent.is_ok_and(|status| status.success()), "SIGTERM could not be sent");
        }
    }

    fn try_wait(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child's state can be asked")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- end of {}'s stdout\n{}", self.name, tail(&self.stdout()));
            eprintln!("--- end of {}'s stderr\n{}", self.name, tail(&self.stderr()));
        }
    }
}

fn append(path: &Path) -> Stdio {
    let file = File::options().create(true).append(true).open(path);
    file.expect("a test folder takes new files").into()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

/// A finished line: one without its end may still grow.
fn find_line(output: &str, text: &str) -> Option<String> {
    let finished = &output[..output.rfind('\n')?];
    finished.lines().find(|line| line.contains(text)).map(str::to_owned)
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    fn shell(script: &str, folder: &TestFolder) -> Program {
        Program::at(Path::new("/bin/sh"), "shell", folder).args(["-c", script]).env("GIVEN", "yes").start()
    }

    #[tokio::test]
    async fn sees_output_and_only_the_given_environment() {
        let folder = TestFolder::new();
        let mut program = shell("echo \"given=$GIVEN cargo=$CARGO\"; echo oops >&2; exit 3", &folder);
        assert_eq!(program.wait_for_line("given", SOON).await, "given=yes cargo=");
        assert_eq!(program.wait_for_exit(SOON).await.code(), Some(3));
        assert_eq!(program.stderr(), "oops\n");
    }

    #[tokio::test]
    async fn terminates_gently_and_kills_hard() {
        use std::os::unix::process::ExitStatusExt;

        let folder = TestFolder::new();
        let waits = "trap 'echo bye; exit 0' TERM; echo up; while true; do /bin/sleep 0.02; done";
        let mut gentle = shell(waits, &folder);
        gentle.wait_for_line("up", SOON).await;
        gentle.terminate();
        assert!(gentle.wait_for_exit(SOON).await.success());
        assert!(gentle.stdout().ends_with("bye\n"));

        let other = TestFolder::new();
        let mut hard = shell(waits, &other);
        hard.wait_for_line("up", SOON).await;
        hard.kill9().await;
        assert_eq!(hard.wait_for_exit(SOON).await.signal(), Some(9));
        assert_eq!(hard.stdout(), "up\n");
    }

    #[tokio::test]
    #[should_panic(expected = "ended before")]
    async fn notices_a_program_that_ends_too_early() {
        let folder = TestFolder::new();
        shell("exit 0", &folder).wait_for_line("ready", SOON).await;
    }

    #[test]
    fn ends_with_its_owner() {
        let folder = TestFolder::new();
        let program = shell("while true; do /bin/sleep 0.02; done", &folder);
        let id = program.id().to_string();
        let alive =
            || Command::new("kill").args(["-0", &id]).stderr(Stdio::null()).status().unwrap().success();
        assert!(alive());
        drop(program);
        assert!(!alive());
    }

    #[test]
    #[should_panic(expected = "run `cargo build -p no-such-program")]
    fn says_how_to_build_what_is_missing() {
        built_program("no-such-program");
    }
}
