//! A program at a terminal, with somebody who reads and presses keys.

use std::ffi::OsStr;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::SOON;

/// A program whose input and output are a pseudo-terminal of 100 columns. Dropping it ends the program.
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    shown: String,
}

impl Terminal {
    /// Starts a command line in the shell, with these variables and no others.
    pub fn start(command: &str, env: &[(&str, &OsStr)]) -> Self {
        // util-linux's `script` makes the terminal; it belongs to every Debian.
        let mut script = Command::new("script");
        let sized = format!("stty cols 100 rows 40; exec {command}");
        script.args(["--quiet", "--return", "--flush", "--command", &sized, "/dev/null"]);
        script.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", "xterm-256color").env("SHELL", "/bin/sh");
        script.envs(env.iter().copied());
        let child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut child = child.expect("`script` is missing: apt-get install bsdutils");
        let keys = child.stdin.take().expect("the input is piped");
        let screen = child.stdout.take().expect("the output is piped");
        Self { child, keys, screen, shown: String::new() }
    }

    /// Presses keys.
    pub async fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).await.expect("the terminal takes keys");
        self.keys.flush().await.expect("the terminal takes keys");
    }

    /// Waits until the screen has shown this since the last call, and gives everything up to it.
    pub async fn wait_for(&mut self, text: &str) -> String {
        let end = loop {
            match self.shown.find(text) {
                Some(at) => break at + text.len(),
                None => assert!(self.read_more().await, "ended before {text:?}:\n{}", self.shown),
            }
        };
        self.shown.drain(..end).collect()
    }

    /// Waits for the end; gives it and what was shown since the last call.
    pub async fn end(mut self) -> (ExitStatus, String) {
        while self.read_more().await {}
        let ended = timeout(SOON, self.child.wait()).await.expect("the program ends");
        (ended.expect("a child's end can be asked"), self.shown)
    }

    async fn read_more(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let read = timeout(SOON, self.screen.read(&mut bytes)).await;
        let length =
            read.unwrap_or_else(|_| panic!("nothing more is shown after:\n{}", self.shown)).unwrap_or(0);
        // A letter cut in two by the read becomes two replacement characters, which no test looks for.
        self.shown.push_str(&String::from_utf8_lossy(&bytes[..length]));
        length > 0
    }
}
