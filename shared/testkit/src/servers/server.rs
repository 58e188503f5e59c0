//! One server: started by us, or named by the environment.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::client::Access;
use super::database::TestDatabase;
use super::kind::{Durability, ServerKind};
use super::programs::Servant;
use super::supervisor::Supervisor;
use crate::{PortBlock, free_ports};

const USER: &str = "waybill";
const PASSWORD: &str = "private-server-of-a-test";

/// A database server for tests. One that we started ends, with its data, when the value is dropped or the test
/// process is killed.
#[derive(Debug)]
pub struct Server {
    admin: Access,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    supervisor: Mutex<Supervisor>,
    folder: PathBuf,
    /// After the supervisor: the port is free when the server is gone.
    _port: PortBlock,
}

impl Server {
    /// Starts a private server on a port of its own. Panics where [`Self::try_start_private`] fails.
    pub fn start_private(kind: ServerKind, durability: Durability) -> Self {
        Self::try_start_private(kind, durability).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Starts a private server on a port of its own.
    ///
    /// # Errors
    /// What to do when it is not installed; its log when it does not start.
    pub fn try_start_private(kind: ServerKind, durability: Durability) -> Result<Self, String> {
        Self::try_start(kind, kind.options(durability), &[])
    }

    /// Starts a private server for a test with arguments and files of its own. In `options`, which are divided at
    /// spaces, `{folder}` is where the files are; each is a name and its text, and only the server may read it.
    ///
    /// Panics where [`Self::try_start_private`] fails.
    pub fn start_private_with(kind: ServerKind, options: &str, files: &[(&str, &str)]) -> Self {
        let options = format!("{} {options}", kind.options(Durability::Process));
        Self::try_start(kind, &options, files).unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_start(kind: ServerKind, options: &str, files: &[(&str, &str)]) -> Result<Self, String> {
        let mut variables = kind.programs().map_err(|missing| missing.to_string())?;
        let servant = Servant::find();
        let folder = tempfile::Builder::new().prefix("waybill-test-server-").tempdir();
        // From here on the supervisor removes it.
        let folder = folder.expect("the folder for temporary files is writable").keep();
        servant.give(&folder);
        for (name, text) in [&[("password", PASSWORD)], files].concat() {
            let file = folder.join(name);
            std::fs::write(&file, text).expect("a fresh folder takes files");
            std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("the file is ours");
            servant.give(&file);
        }

        let port = free_ports(1);
        variables.extend([
            ("AS", servant.prefix),
            ("OPTIONS", options.replace("{folder}", &folder.display().to_string())),
            ("PORT", port.base().to_string()),
            ("SERVER_USER", USER.to_owned()),
        ]);
        let supervisor = Mutex::new(Supervisor::start(kind.functions(), &folder, &variables));
        let url = kind.url(USER, PASSWORD, port.base(), kind.first_database());
        let own = Own { supervisor, folder, _port: port };
        let server = Self { admin: Access::parse(kind, &url), own: Some(own) };
        server.try_order("prepare")?;
        server.try_order("start")?;
        Ok(server)
    }

    /// Takes a server that runs already. Its user may create databases and users.
    pub fn at(kind: ServerKind, url: &str) -> Self {
        Self { admin: Access::parse(kind, url), own: None }
    }

    /// The product.
    pub fn kind(&self) -> ServerKind {
        self.admin.kind
    }

    /// A URL of its administrator.
    pub fn url(&self) -> &str {
        self.admin.url.as_str()
    }

    /// Its port on 127.0.0.1, or wherever the URL points.
    pub fn port(&self) -> u16 {
        self.admin.port()
    }

    /// Makes an empty database with a user of its own.
    pub fn database(&self) -> TestDatabase {
        TestDatabase::create(&self.admin)
    }

    /// Starts it again after [`Self::stop`] or [`Self::kill9`], on the same port with the same data, and waits
    /// until it answers. Only for a server of one's own.
    pub fn start(&self) {
        self.order("start");
    }

    /// Ends it in order; clients are cut off.
    pub fn stop(&self) {
        self.order("stop");
    }

    /// `kill -9` to all its processes.
    pub fn kill9(&self) {
        self.order("kill_hard");
    }

    /// Its data files. Only for a server of one's own.
    pub fn data_folder(&self) -> PathBuf {
        self.own().folder.join("data")
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        read_log(&self.own().folder)
    }

    fn order(&self, order: &str) {
        self.try_order(order).unwrap_or_else(|why| panic!("{why}"));
    }

    fn try_order(&self, order: &str) -> Result<(), String> {
        let own = self.own();
        if lock(&own.supervisor).order(order) {
            return Ok(());
        }
        Err(format!("{:?} does not {order}; its log:\n{}", self.kind(), read_log(&own.folder)))
    }

    fn own(&self) -> &Own {
        self.own.as_ref().expect("only for a server that `Server::start_private` started")
    }
}

fn read_log(folder: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(folder.join("server.log")).unwrap_or_default()).into_owned()
}

fn lock(supervisor: &Mutex<Supervisor>) -> MutexGuard<'_, Supervisor> {
    // An order is one line and one answer: what panicked was the test, not the conversation.
    supervisor.lock().unwrap_or_else(PoisonError::into_inner)
}
