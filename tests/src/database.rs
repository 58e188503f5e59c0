//! Which database a suite runs on, and the one of a node.

use std::path::{Path, PathBuf};

use waybill_store::{ServerOptions, StoreOptions};
use waybill_testkit::servers::{Server, ServerKind, TestDatabase, mariadb, postgres};

/// What the nodes of a test keep their records in. Each test program runs on one: `crate::DATABASE` there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file of each node's own.
    Sqlite,
    /// A database of each VASP's own on the server that the tests share.
    Postgres,
    /// The same.
    MariaDb,
}

impl Database {
    /// The server that the tests share.
    pub fn server(self) -> Option<&'static Server> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(postgres()),
            Self::MariaDb => Some(mariadb()),
        }
    }

    /// The product, for a server of a test's own.
    pub fn kind(self) -> ServerKind {
        match self {
            Self::Sqlite => panic!("SQLite has no server"),
            Self::Postgres => ServerKind::Postgres,
            Self::MariaDb => ServerKind::MariaDb,
        }
    }
}

/// The database of one VASP. One on a server is dropped with the value.
#[derive(Debug)]
pub enum NodeDatabase {
    File(PathBuf),
    Server(TestDatabase),
}

impl NodeDatabase {
    /// A fresh one on a server, or in the folder of the node.
    pub(crate) fn new(server: Option<&Server>, folder: &Path) -> Self {
        match server {
            None => Self::File(folder.join("waybill.sqlite")),
            Some(server) => Self::Server(server.database()),
        }
    }

    /// How a test looks into it.
    pub fn options(&self) -> StoreOptions {
        match self {
            Self::File(path) => StoreOptions::Sqlite { path: path.clone(), readers: 1 },
            Self::Server(database) => StoreOptions::Server(ServerOptions {
                connections: 2,
                ..ServerOptions::new(database.url().into())
            }),
        }
    }

    /// What a settings file says about it; nothing where the default is right.
    pub fn settings(&self) -> String {
        match self {
            Self::File(_) => String::new(),
            Self::Server(database) => format!("\n[database]\nurl = \"{}\"\n", database.url()),
        }
    }
}
