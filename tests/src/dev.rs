//! `waybill dev`: both nodes and the sandbox in one program, on ports and in a folder of its own.

use std::path::PathBuf;
use std::process::ExitStatus;

use waybill_testkit::{PortBlock, Program, ProgramBuilder, TestFolder, free_ports};

use crate::SOON;
use crate::party::Party;

/// Ports that `waybill dev` spans.
const PORTS: u16 = 301;

/// A running `waybill dev`. Dropping it kills the program and removes the folder.
#[derive(Debug)]
pub struct Dev {
    // In this order: the program ends before its ports and its folder are let go.
    pub program: Program,
    pub ours: Party,
    pub robot: Party,
    place: DevPlace,
}

/// Where a `waybill dev` runs, whether it does or not.
#[derive(Debug)]
pub struct DevPlace {
    pub ports: PortBlock,
    pub folder: TestFolder,
    env: Vec<(&'static str, String)>,
}

impl DevPlace {
    pub fn new() -> Self {
        Self { ports: free_ports(PORTS), folder: TestFolder::new(), env: Vec::new() }
    }

    /// An environment variable for every start.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// The state folder.
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// The arguments of `waybill dev` here.
    pub fn arguments(&self) -> Vec<String> {
        let state = self.state().display().to_string();
        ["dev", "--port-base", &self.ports.base().to_string(), "--folder", &state].map(str::to_owned).to_vec()
    }

    /// The program, not started yet.
    pub fn program(&self, name: &str) -> ProgramBuilder {
        let program = Program::waybill(name, &self.folder).args(self.arguments());
        self.env.iter().fold(program, |program, (name, value)| program.env(name, value))
    }

    /// Starts it and waits until it is ready.
    pub async fn start(self) -> Dev {
        self.start_as(|program| program).await
    }

    async fn start_as(self, change: impl FnOnce(ProgramBuilder) -> ProgramBuilder) -> Dev {
        // A name for each start: what an earlier one printed must not pass for this one's.
        let name = crate::unique("dev");
        let mut program = change(self.program(&name)).start();
        program.wait_for_line("ready", SOON).await;
        let [ours, robot] = Party::both(self.ports.base());
        Dev { program, ours, robot, place: self }
    }
}

impl Default for DevPlace {
    fn default() -> Self {
        Self::new()
    }
}

impl Dev {
    /// A fresh one.
    pub async fn start() -> Self {
        DevPlace::new().start().await
    }

    pub fn place(&self) -> &DevPlace {
        &self.place
    }

    /// `kill -9`; the place stays.
    pub async fn kill(mut self) -> DevPlace {
        self.program.kill9().await;
        self.place
    }

    /// SIGTERM; gives how it ended, and the place.
    pub async fn stop(mut self) -> (ExitStatus, DevPlace) {
        self.program.terminate();
        let ended = self.program.wait_for_exit(SOON).await;
        (ended, self.place)
    }

    /// Starts again in the same place, with further arguments.
    pub async fn start_again(place: DevPlace, arguments: &[&str]) -> Self {
        let arguments = arguments.to_vec();
        place.start_as(|program| program.args(arguments)).await
    }
}
