//! Two separate nodes and the sandbox, for tests that kill one of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use waybill_runtime::SystemClock;
use waybill_sandbox::{Options, Sandbox, Token};
use waybill_testkit::{PortBlock, TestFolder};

use crate::dev::{Dev, DevPlace};
use crate::node::Node;
use crate::party::Party;

/// Two `waybill run` on settings that `waybill dev` wrote, and the sandbox inside the test, so that it survives them.
#[derive(Debug)]
pub struct Pair {
    pub ours: Node,
    pub robot: Node,
    sandbox: JoinHandle<std::io::Result<()>>,
    _ports: PortBlock,
    pub folder: TestFolder,
}

impl Pair {
    /// Both nodes prepared and down; the sandbox is up.
    pub async fn prepare() -> Self {
        let (ended, place) = Dev::start().await.stop().await;
        assert!(ended.success(), "waybill dev ended with {ended}");
        let DevPlace { ports, folder, .. } = place;
        let sandbox = start_sandbox(&folder.join("state"), ports.base()).await;
        let [ours, robot] = Party::both(ports.base());
        let (ours, robot) = (Node::new(ours, "ours"), Node::new(robot, "robot"));
        Self { ours, robot, sandbox, _ports: ports, folder }
    }

    /// Both nodes and the sandbox up.
    pub async fn start() -> Self {
        let mut pair = Self::prepare().await;
        pair.ours.start(&pair.folder, &[]).await;
        pair.robot.start(&pair.folder, &[]).await;
        pair
    }

    /// Replaces a text in a node's settings file, which must be there once.
    pub fn edit_settings(&self, vasp: &str, from: &str, to: &str) {
        let file = self.state().join(vasp).join("waybill.toml");
        let settings = std::fs::read_to_string(&file).expect("waybill dev wrote settings");
        assert_eq!(settings.matches(from).count(), 1, "{from}");
        std::fs::write(&file, settings.replace(from, to)).expect("settings can be written");
    }

    /// The folder with the settings, databases and the directory.
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        self.sandbox.abort();
    }
}

async fn start_sandbox(state: &Path, base: u16) -> JoinHandle<std::io::Result<()>> {
    let token = |vasp: &str| {
        let secrets =
            std::fs::read(state.join(vasp).join("secrets.json")).expect("waybill dev wrote secrets");
        let secrets: Value = serde_json::from_slice(&secrets).expect("secrets are JSON");
        let token = secrets["backendToken"].as_str().expect("the backend has a token");
        Token::bearer(SecretString::from(token))
    };
    let options = Options::new(Arc::new(SystemClock), token("ours"), token("robot"));
    let sandbox = Sandbox::open(state.join("sandbox"), options).expect("the sandbox opens");
    let listener = TcpListener::bind(("127.0.0.1", base + 300)).await.expect("the port was freed");
    tokio::spawn(waybill_sandbox::run(sandbox, listener, std::future::pending()))
}
