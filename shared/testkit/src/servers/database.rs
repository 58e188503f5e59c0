//! One database of one test.

use std::hash::{BuildHasher, RandomState};

use super::client::Access;
use super::kind::ServerKind;

/// What the node needs on a MySQL or MariaDB database, as docs/OPERATIONS.md says.
const PRIVILEGES: &str = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER";

/// A fresh, empty database with a user of its own who may use no other. Dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    owner: Access,
    admin: Access,
    name: String,
}

impl TestDatabase {
    /// Panics when the server refuses.
    pub(super) fn create(admin: &Access) -> Self {
        let name = unique_name();
        let password = format!("secret-{}", unique_name());
        let statements = match admin.kind {
            ServerKind::Postgres => vec![
                format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"),
                format!("CREATE DATABASE {name} OWNER {name}"),
            ],
            ServerKind::MariaDb => vec![
                format!("CREATE DATABASE {name}"),
                format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{password}'"),
                format!("GRANT {PRIVILEGES} ON {name}.* TO '{name}'@'%'"),
            ],
        };
        admin.run(&borrowed(&statements)).unwrap_or_else(|error| panic!("no database {name}: {error}"));
        Self { owner: admin.with(&name, &password, &name), admin: admin.clone(), name }
    }

    /// Where it is, with its user and password: `postgres://…` or `mysql://…`.
    pub fn url(&self) -> &str {
        self.owner.url.as_str()
    }

    /// Its name, which is also its user's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The product that keeps it.
    pub fn kind(&self) -> ServerKind {
        self.owner.kind
    }

    /// Runs one statement as its user and returns the rows: one a line, columns by tabs. Panics with the
    /// server's message when it fails.
    pub fn query(&self, statement: &str) -> String {
        self.owner.run(&[statement]).unwrap_or_else(|error| panic!("{statement}: {error}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Self { name, .. } = self;
        let statements = match self.admin.kind {
            ServerKind::Postgres => {
                vec![
                    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    format!("DROP ROLE IF EXISTS {name}"),
                ]
            }
            ServerKind::MariaDb => {
                vec![format!("DROP DATABASE IF EXISTS {name}"), format!("DROP USER IF EXISTS '{name}'@'%'")]
            }
        };
        // A test that stopped its server has none to drop the database from.
        let _ = self.admin.run(&borrowed(&statements));
    }
}

fn borrowed(statements: &[String]) -> Vec<&str> {
    statements.iter().map(String::as_str).collect()
}

/// A name that no other test on the machine takes.
fn unique_name() -> String {
    format!("wb_{:x}_{:016x}", std::process::id(), RandomState::new().hash_one(0))
}
