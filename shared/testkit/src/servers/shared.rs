//! The one server of each kind that the tests of a process, or of a whole run, share.

use std::sync::OnceLock;

use super::broker::Broker;
use super::kind::{Durability, ServerKind};
use super::server::Server;

/// The PostgreSQL server that `WAYBILL_TEST_POSTGRES_URL` names, else one started for this process.
///
/// Panics with what to install when there is neither.
pub fn postgres() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| named_or_private(ServerKind::Postgres))
}

/// The MariaDB server that `WAYBILL_TEST_MARIADB_URL` names, else one started for this process.
///
/// Panics with what to install when there is neither.
pub fn mariadb() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| named_or_private(ServerKind::MariaDb))
}

/// The broker that `WAYBILL_TEST_RABBITMQ_URL` names, else one started for this process.
///
/// Panics with what to install when there is neither.
pub fn rabbitmq() -> &'static Broker {
    static BROKER: OnceLock<Broker> = OnceLock::new();
    BROKER.get_or_init(|| match std::env::var(Broker::VARIABLE) {
        Ok(url) if !url.is_empty() => Broker::at(&url),
        _ => Broker::start_private(""),
    })
}

fn named_or_private(kind: ServerKind) -> Server {
    match std::env::var(kind.variable()) {
        Ok(url) if !url.is_empty() => Server::at(kind, &url),
        _ => Server::start_private(kind, Durability::Process),
    }
}
