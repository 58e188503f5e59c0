//! A server of our own: its folder, its ports, and the shell that keeps it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::programs::Servant;
use super::supervisor::Supervisor;
use crate::{PortBlock, free_ports};

pub(super) const USER: &str = "waybill";
pub(super) const PASSWORD: &str = "private-server-of-a-test";

#[derive(Debug)]
pub(super) struct Private {
    name: String,
    supervisor: Mutex<Supervisor>,
    folder: PathBuf,
    /// After the supervisor: the ports are free when the server is gone.
    ports: PortBlock,
}

impl Private {
    /// Starts a server whose shell functions and their variables these are, on the first of so many ports. In `options`
    /// `{folder}` is where `files` are, each a name and its text; only the server may read them.
    pub(super) fn start(
        name: &str,
        functions: &str,
        mut variables: Vec<(&'static str, String)>,
        options: &str,
        files: &[(&str, &str)],
        ports: u16,
    ) -> Result<Self, String> {
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

        let ports = free_ports(ports);
        variables.extend([
            ("AS", servant.prefix),
            ("OPTIONS", options.replace("{folder}", &folder.display().to_string())),
            ("PORT", ports.base().to_string()),
            ("SERVER_USER", USER.to_owned()),
        ]);
        let supervisor = Mutex::new(Supervisor::start(functions, &folder, &variables));
        let server = Self { name: name.to_owned(), supervisor, folder, ports };
        server.try_order("prepare")?;
        server.try_order("start")?;
        Ok(server)
    }

    pub(super) fn port(&self) -> u16 {
        self.ports.base()
    }

    pub(super) fn data_folder(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn log(&self) -> String {
        read_log(&self.folder)
    }

    pub(super) fn process_id(&self) -> u32 {
        self.supervisor.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    pub(super) fn order(&self, order: &str) {
        self.try_order(order).unwrap_or_else(|why| panic!("{why}"));
    }

    fn try_order(&self, order: &str) -> Result<(), String> {
        // An order is one line and one answer: what panicked was the test, not the conversation.
        let mut supervisor = self.supervisor.lock().unwrap_or_else(PoisonError::into_inner);
        if supervisor.order(order) {
            return Ok(());
        }
        Err(format!("{} does not {order}; its log:\n{}", self.name, read_log(&self.folder)))
    }
}

fn read_log(folder: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(folder.join("server.log")).unwrap_or_default()).into_owned()
}
