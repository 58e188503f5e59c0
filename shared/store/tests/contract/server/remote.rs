//! A database of a test's own on a server.

use std::sync::Arc;

use secrecy::SecretString;
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::sync::oneshot;
use waybill_store::{ServerOptions, Store, StoreError, StoreOptions};
use waybill_testkit::servers::{self, Server, ServerKind, TestDatabase};

use crate::house::{House, Place};

/// A database on a server; dropped with its last clone.
#[derive(Clone)]
pub struct Remote {
    database: Arc<TestDatabase>,
    url: String,
    server: &'static Server,
}

/// An empty database on MariaDB.
pub async fn mariadb() -> House {
    house(servers::mariadb).await
}

/// An empty database on PostgreSQL.
pub async fn postgres() -> House {
    house(servers::postgres).await
}

async fn house(server: fn() -> &'static Server) -> House {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    House { store: remote.open().await.unwrap(), place: Place::Remote(remote) }
}

impl Remote {
    /// Without schema.
    pub async fn on(server: fn() -> &'static Server) -> Self {
        let database = tokio::task::spawn_blocking(move || (server().database(), server())).await.unwrap();
        let (database, server) = database;
        Self { url: database.url().to_owned(), database: Arc::new(database), server }
    }

    /// The same under another URL.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub fn kind(&self) -> ServerKind {
        self.database.kind()
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// As the database's owner; panics when it is refused.
    pub fn query(&self, statement: &str) -> String {
        self.database.query(statement)
    }

    pub fn server_options(&self) -> ServerOptions {
        ServerOptions { connections: 8, ..ServerOptions::new(SecretString::from(self.url())) }
    }

    pub async fn open(&self) -> Result<Store, StoreError> {
        Store::open(&StoreOptions::Server(self.server_options())).await
    }

    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        Store::migrate(&StoreOptions::Server(self.server_options())).await
    }

    pub async fn raw(&self, statements: &str) -> Result<u64, String> {
        self.run(self.url(), statements).await
    }

    pub async fn raw_as_administrator(&self, statements: &str) {
        self.run(self.server.url(), statements).await.unwrap();
    }

    /// Holds the rows of `node_facts` until told to release them.
    pub async fn hold_facts(&self, held: oneshot::Sender<()>, release: oneshot::Receiver<()>) {
        const HOLD: &str = "UPDATE node_facts SET value = 'held'";
        match self.kind() {
            ServerKind::MariaDb => {
                let mut connection = MySqlConnection::connect(self.url()).await.unwrap();
                sqlx::raw_sql("START TRANSACTION").execute(&mut connection).await.unwrap();
                sqlx::raw_sql(HOLD).execute(&mut connection).await.unwrap();
                held.send(()).unwrap();
                release.await.unwrap();
                sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
            }
            ServerKind::Postgres => {
                let mut connection = PgConnection::connect(self.url()).await.unwrap();
                sqlx::raw_sql("START TRANSACTION").execute(&mut connection).await.unwrap();
                sqlx::raw_sql(HOLD).execute(&mut connection).await.unwrap();
                held.send(()).unwrap();
                release.await.unwrap();
                sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
            }
        }
    }

    async fn run(&self, url: &str, statements: &str) -> Result<u64, String> {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        let done = match self.kind() {
            ServerKind::MariaDb => {
                let mut connection = MySqlConnection::connect(url).await.unwrap();
                statements.execute(&mut connection).await.map(|done| done.rows_affected())
            }
            ServerKind::Postgres => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                statements.execute(&mut connection).await.map(|done| done.rows_affected())
            }
        };
        done.map_err(|error| error.to_string())
    }
}
