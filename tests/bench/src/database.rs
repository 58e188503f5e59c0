//! A database of each kind, empty and durable.

use secrecy::SecretString;
use waybill_store::{ServerOptions, Store, StoreOptions};
use waybill_testkit::TestFolder;
use waybill_testkit::servers::{Durability, Server, ServerKind, TestDatabase};

/// Connections of one node to a server.
const CONNECTIONS: u32 = 16;

/// The kinds of database, with a server where one is needed.
pub enum Database {
    Sqlite,
    Server(Box<Server>),
}

impl Database {
    /// Starts a private server for each kind that needs one.
    pub fn all() -> impl Iterator<Item = Self> {
        let start = |kind| Self::Server(Box::new(Server::start_private(kind, Durability::Disk)));
        std::iter::once(Self::Sqlite).chain(ServerKind::ALL.into_iter().map(start))
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Server(server) => match server.kind() {
                ServerKind::Postgres => "PostgreSQL",
                ServerKind::MariaDb => "MariaDB",
            },
        }
    }

    /// A database for one node; nothing for SQLite, which makes its file by itself.
    pub fn fresh(&self) -> Option<TestDatabase> {
        match self {
            Self::Sqlite => None,
            Self::Server(server) => Some(server.database()),
        }
    }
}

/// An open store over an empty database.
pub async fn store(fresh: Option<&TestDatabase>, folder: &TestFolder) -> anyhow::Result<Store> {
    let options = match fresh {
        None => StoreOptions::Sqlite { path: folder.join("bench.sqlite"), readers: 4 },
        Some(database) => StoreOptions::Server(ServerOptions {
            connections: CONNECTIONS,
            ..ServerOptions::new(SecretString::from(database.url().to_owned()))
        }),
    };
    Store::migrate(&options).await?;
    Ok(Store::open(&options).await?)
}
