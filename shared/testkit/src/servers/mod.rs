//! Private PostgreSQL, MariaDB and RabbitMQ servers: own data folder, own port, gone when the test process is.
//!
//! The calls block while a program of the server works, some tens of milliseconds for a database, seconds for a
//! start: in a test that does something else meanwhile, use `tokio::task::spawn_blocking`.

mod broker;
mod client;
mod database;
mod kind;
mod private;
mod programs;
mod server;
mod shared;
mod supervisor;

pub use broker::Broker;
pub use database::TestDatabase;
pub use kind::{Durability, ServerKind};
pub use server::Server;
pub use shared::{mariadb, postgres, rabbitmq};
