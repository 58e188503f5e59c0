//! One node as a program of its own: `waybill run`.

use std::path::PathBuf;
use std::sync::Arc;

use waybill_testkit::{Program, ProgramBuilder, TestFolder};

use crate::party::Party;
use crate::{NodeDatabase, SOON};

/// A node that may be up or down.
#[derive(Debug)]
pub struct Node {
    pub party: Party,
    name: &'static str,
    // In this order: the program ends before its database is dropped.
    program: Option<Program>,
    /// Shared: several nodes of a VASP may be on one.
    pub database: Arc<NodeDatabase>,
}

impl Node {
    pub(crate) fn new(party: Party, name: &'static str, database: Arc<NodeDatabase>) -> Self {
        Self { party, name, program: None, database }
    }

    /// Its settings file.
    pub fn config(&self, folder: &TestFolder) -> PathBuf {
        folder.join("state").join(self.name).join("waybill.toml")
    }

    /// Brings the schema of its database up to date with `waybill migrate`.
    pub async fn migrate(&self, folder: &TestFolder) {
        let mut migrate = self.command("migrate", folder).start();
        let ended = migrate.wait_for_exit(SOON).await;
        assert!(ended.success(), "waybill migrate ended with {ended}: {}", migrate.stderr());
    }

    /// `waybill <command>` on its settings, not started yet.
    pub fn command(&self, command: &str, folder: &TestFolder) -> ProgramBuilder {
        Program::waybill(&crate::unique(&format!("{}-{command}", self.name)), folder).args([
            command.as_ref(),
            "--config".as_ref(),
            self.config(folder).as_os_str(),
        ])
    }

    /// Starts it on its settings below the state folder, with further environment, and waits until it is ready.
    pub async fn start(&mut self, folder: &TestFolder, env: &[(&str, &str)]) {
        let command = self.command("run", folder);
        let command = env.iter().fold(command, |command, (name, value)| command.env(name, value));
        let mut program = command.start();
        program.wait_for_line("ready", SOON).await;
        self.program = Some(program);
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
