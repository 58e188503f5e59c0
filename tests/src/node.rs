//! One node as a program of its own: `waybill run`.

use std::path::Path;

use waybill_testkit::{Program, TestFolder};

use crate::SOON;
use crate::party::Party;

/// A node that may be up or down.
#[derive(Debug)]
pub struct Node {
    pub party: Party,
    name: &'static str,
    program: Option<Program>,
}

impl Node {
    pub(crate) fn new(party: Party, name: &'static str) -> Self {
        Self { party, name, program: None }
    }

    /// Starts it on its settings below the state folder, with further environment, and waits until it is ready.
    pub async fn start(&mut self, folder: &TestFolder, env: &[(&str, &str)]) {
        let config = folder.join("state").join(self.name).join("waybill.toml");
        let mut program = Self::program(folder, &crate::unique(self.name), &config, env).start();
        program.wait_for_line("ready", SOON).await;
        self.program = Some(program);
    }

    fn program(
        folder: &TestFolder,
        name: &str,
        config: &Path,
        env: &[(&str, &str)],
    ) -> waybill_testkit::ProgramBuilder {
        let program =
            Program::waybill(name, folder).args(["run".as_ref(), "--config".as_ref(), config.as_os_str()]);
        env.iter().fold(program, |program, (name, value)| program.env(name, value))
    }

    /// Panics when it is down.
    pub fn running(&mut self) -> &mut Program {
        self.program.as_mut().expect("the node was started")
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        self.running().kill9().await;
        self.program = None;
    }

    /// SIGTERM; it must end well.
    pub async fn stop(&mut self) {
        self.running().terminate();
        let ended = self.running().wait_for_exit(SOON).await;
        assert!(ended.success(), "{} ended with {ended}", self.name);
        self.program = None;
    }
}
