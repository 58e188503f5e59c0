//! MySQL, MariaDB and PostgreSQL: a pool of connections, transactions that are run again when somebody else's was in
//! the way, and the steps of the schema.

mod availability;
mod connector;
mod mysql;
mod pool;
mod postgres;
mod retry;
mod schema;
mod work;

pub(crate) use connector::Connector;
pub(crate) use schema::{migrate, missing_steps};
pub(crate) use work::Server;
