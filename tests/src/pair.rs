//! Two separate nodes and the sandbox, for tests that kill one of them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use waybill_runtime::SystemClock;
use waybill_sandbox::{JournalKeeping, Options, Sandbox, Token, VendorKeys, VendorLimits, Vendors};
use waybill_testkit::servers::Server;
use waybill_testkit::{PortBlock, TestFolder};

use crate::client::Client;
use crate::dev::{Dev, DevPlace};
use crate::fleet::Callbacks;
use crate::node::Node;
use crate::party::Party;
use crate::{Database, NodeDatabase};

/// Two `waybill run` on settings that `waybill dev` wrote, and the sandbox inside the test, so that it survives them.
#[derive(Debug)]
pub struct Pair {
    pub ours: Node,
    pub robot: Node,
    sandbox: JoinHandle<std::io::Result<()>>,
    ports: PortBlock,
    pub folder: TestFolder,
}

impl Pair {
    /// Both nodes prepared and down; the sandbox is up.
    pub async fn prepare(database: Database) -> Self {
        Self::prepare_on(database.server()).await
    }

    /// The same with databases on a server of the test's own, or in files.
    pub async fn prepare_on(server: Option<&Server>) -> Self {
        let pair = Self::unmigrated(server).await;
        if server.is_some() {
            pair.ours.migrate(&pair.folder).await;
            pair.robot.migrate(&pair.folder).await;
        }
        pair
    }

    /// The same on a server, with the callbacks of both VASPs recorded and nothing else kept of what backends are asked.
    pub async fn watched(server: &Server, callbacks: Callbacks) -> Self {
        let watched = Watch { journal: JournalKeeping::CountOnly, callbacks: Some(callbacks) };
        let pair = Self::unmigrated_with(Some(server), watched).await;
        pair.ours.migrate(&pair.folder).await;
        pair.robot.migrate(&pair.folder).await;
        pair
    }

    /// The same before the first `waybill migrate`.
    pub async fn unmigrated(server: Option<&Server>) -> Self {
        Self::unmigrated_with(server, Watch { journal: JournalKeeping::Full, callbacks: None }).await
    }

    async fn unmigrated_with(server: Option<&Server>, watch: Watch) -> Self {
        let (ended, place) = Dev::start().await.stop().await;
        assert!(ended.success(), "waybill dev ended with {ended}");
        let DevPlace { ports, folder, .. } = place;
        let sandbox = start_sandbox(&folder.join("state"), ports.base(), watch).await;
        let node = |party, name| {
            let database = NodeDatabase::new(server, &folder.join("state").join(name));
            let node = Node::new(party, name, Arc::new(database));
            append(&node.config(&folder), &node.database.settings());
            node
        };
        let [ours, robot] = Party::both(ports.base());
        let (ours, robot) = (node(ours, "ours"), node(robot, "robot"));
        Self { ours, robot, sandbox, ports, folder }
    }

    /// A second node of our VASP on the database of the first; down.
    pub fn another_of_ours(&self) -> Node {
        let (name, base) = ("ours-too", self.ports.base());
        let folder = self.state().join(name);
        std::fs::create_dir(&folder).expect("a test folder takes new folders");
        let settings = std::fs::read_to_string(self.ours.config(&self.folder)).expect("our settings");
        let settings = [(117, 127), (118, 128)].into_iter().fold(settings, |settings, (from, to)| {
            settings.replace(&format!(":{}", base + from), &format!(":{}", base + to))
        });
        let of_the_first = self.state().join("ours").display().to_string();
        let settings = settings.replace(&format!("{of_the_first}\""), &format!("{}\"", folder.display()));
        append(&folder.join("waybill.toml"), &settings);
        let party =
            Party { api: Client::new(base + 127), listener: Client::new(base + 128), ..self.ours.party };
        Node::new(party, name, Arc::clone(&self.ours.database))
    }

    /// Both nodes and the sandbox up.
    pub async fn start(database: Database) -> Self {
        let mut pair = Self::prepare(database).await;
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

/// How backends are looked at.
struct Watch {
    journal: JournalKeeping,
    callbacks: Option<Callbacks>,
}

async fn start_sandbox(state: &Path, base: u16, watch: Watch) -> JoinHandle<std::io::Result<()>> {
    let token = |vasp: &str| {
        let secrets =
            std::fs::read(state.join(vasp).join("secrets.json")).expect("waybill dev wrote secrets");
        let secrets: Value = serde_json::from_slice(&secrets).expect("secrets are JSON");
        let token = secrets["backendToken"].as_str().expect("the backend has a token");
        Token::bearer(SecretString::from(token))
    };
    let mut options = Options::new(Arc::new(SystemClock), token("ours"), token("robot"));
    options.journal = watch.journal;
    options.vendors = Some(vendors(state));
    let sandbox = Sandbox::open(state.join("sandbox"), options).expect("the sandbox opens");
    let listener = TcpListener::bind(("127.0.0.1", base + 300)).await.expect("the port was freed");
    match watch.callbacks {
        None => tokio::spawn(waybill_sandbox::run(sandbox, listener, std::future::pending())),
        Some(callbacks) => {
            let router = callbacks.in_front_of(sandbox.router());
            tokio::spawn(async move { axum::serve(listener, router).await })
        }
    }
}

/// The vendors as `waybill dev` has them, as fast as anybody wants.
fn vendors(state: &Path) -> Vendors {
    let secrets =
        std::fs::read(state.join("sandbox/vendors.json")).expect("waybill dev wrote the vendors' keys");
    let secrets: Value = serde_json::from_slice(&secrets).expect("they are JSON");
    let key = |name: &str| SecretString::from(secrets[name].as_str().expect("each vendor has a key"));
    let keys = VendorKeys {
        kyt_key: key("chainalysisKytKey"),
        sanction_key: key("chainalysisSanctionKey"),
        wc_key: key("worldCheckKey"),
        wc_secret: key("worldCheckSecret"),
        group_id: "waybill-dev".to_owned(),
    };
    Vendors { limits: VendorLimits::none(), ..Vendors::new(keys) }
}

fn append(file: &Path, text: &str) {
    let file = std::fs::File::options().create(true).append(true).open(file);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.expect("settings can be written");
}
