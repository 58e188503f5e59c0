//! One process of a node, which may be up or down.

use waybill_testkit::{Program, ProgramBuilder, TestFolder};

use crate::SOON;

/// What to start, how, and the process when it runs.
#[derive(Debug)]
pub struct Service {
    /// `ingress`, `counterparty`, …, or `run`.
    pub name: &'static str,
    log: String,
    arguments: Vec<String>,
    env: Vec<(String, String)>,
    program: Option<Program>,
}

impl Service {
    /// A process that is down. `log` tells several in one folder apart.
    pub(crate) fn new(name: &'static str, log: String, config: String, env: Vec<(String, String)>) -> Self {
        let arguments = [name, "--config", &config].map(str::to_owned).to_vec();
        Self { name, log, arguments, env, program: None }
    }

    /// Starts it and waits until it is ready.
    pub async fn start(&mut self, folder: &TestFolder) {
        self.start_with(folder, &[]).await;
    }

    /// Starts it with further environment, and waits until it is ready.
    pub async fn start_with(&mut self, folder: &TestFolder, env: &[(&str, String)]) {
        self.begin(folder, env);
        self.ready().await;
    }

    /// Starts it, ready or not.
    pub fn begin(&mut self, folder: &TestFolder, env: &[(&str, String)]) {
        // A name for each start: what an earlier one printed must not pass for this one's.
        let builder = Program::waybill(&crate::unique(&self.log), folder).args(&self.arguments);
        let own = self.env.iter().map(|(name, value)| (name.as_str(), value));
        let further = env.iter().map(|(name, value)| (*name, value));
        let set = |builder: ProgramBuilder, (name, value): (&str, &String)| builder.env(name, value);
        self.program = Some(own.chain(further).fold(builder, set).start());
    }

    /// Waits until it is ready.
    pub async fn ready(&mut self) {
        self.running().wait_for_line("ready", 2 * SOON).await;
    }

    /// Panics when it is down.
    pub fn running(&mut self) -> &mut Program {
        self.program.as_mut().expect("the process was started")
    }

    /// True while its process is there.
    pub fn is_up(&mut self) -> bool {
        self.program.as_mut().is_some_and(Program::is_running)
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        self.running().kill9().await;
        self.program = None;
    }

    /// SIGTERM; it must end well.
    pub async fn stop(&mut self) {
        let name = self.name;
        let program = self.running();
        program.terminate();
        let ended = program.wait_for_exit(SOON).await;
        assert!(ended.success(), "{name} ended with {ended}: {}", program.stderr());
        self.program = None;
    }
}
