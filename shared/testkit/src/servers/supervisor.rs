//! The shell that keeps a server, and outlives us just long enough to end it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running supervisor. Dropping it, or dying, ends the server and removes its folder.
#[derive(Debug)]
pub(super) struct Supervisor {
    shell: Child,
    /// Closing it is the sign to clean up: the operating system does that for us when we are killed.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Supervisor {
    /// Starts the shell with the functions of one kind of server; `variables` are what they read.
    pub(super) fn start(functions: &str, folder: &Path, variables: &[(&str, String)]) -> Self {
        let script = format!("{functions}\n{}", include_str!("supervisor.sh"));
        let mut shell = Command::new("/bin/sh")
            .args(["-c", &script])
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin")
            .env("LC_ALL", "C")
            .env("FOLDER", folder)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            // A group of its own: Ctrl-C is for us, and the shell cleans up after us.
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("every Unix has /bin/sh");
        let orders = shell.stdin.take();
        let answers = BufReader::new(shell.stdout.take().expect("stdout is piped"));
        Self { shell, orders, answers }
    }

    /// The process whose descendants are the server.
    pub(super) fn id(&self) -> u32 {
        self.shell.id()
    }

    /// Has one order carried out; false when it failed.
    pub(super) fn order(&mut self, order: &str) -> bool {
        let orders = self.orders.as_mut().expect("orders are open until the drop");
        writeln!(orders, "{order}").expect("the supervisor takes orders until the drop");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the supervisor's answer is text");
        answer == "ok\n"
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.orders.take());
        // Nothing to do if it is gone already.
        let _ = self.shell.wait();
    }
}
