//! One server: started by us, or named by the environment.

use std::path::PathBuf;

use super::client::Access;
use super::database::TestDatabase;
use super::kind::{Durability, ServerKind};
use super::private::{PASSWORD, Private, USER};

/// A database server for tests. One that we started ends, with its data, when the value is dropped or the test
/// process is killed.
#[derive(Debug)]
pub struct Server {
    admin: Access,
    own: Option<Private>,
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
        let variables = kind.programs().map_err(|missing| missing.to_string())?;
        let own = Private::start(&format!("{kind:?}"), kind.functions(), variables, options, files, 1)?;
        let url = kind.url(USER, PASSWORD, own.port(), kind.first_database());
        Ok(Self { admin: Access::parse(kind, &url), own: Some(own) })
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
        self.own().order("start");
    }

    /// Ends it in order; clients are cut off.
    pub fn stop(&self) {
        self.own().order("stop");
    }

    /// `kill -9` to all its processes.
    pub fn kill9(&self) {
        self.own().order("kill_hard");
    }

    /// The process whose descendants it is. Only for a server of one's own.
    pub fn process_id(&self) -> u32 {
        self.own().process_id()
    }

    /// Its data files. Only for a server of one's own.
    pub fn data_folder(&self) -> PathBuf {
        self.own().data_folder()
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        self.own().log()
    }

    fn own(&self) -> &Private {
        self.own.as_ref().expect("only for a server that `Server::start_private` started")
    }
}
