//! The whole system, from outside: real programs, real ports, nothing replaced but the backends.

mod account;
mod answers;
mod api_description;
mod callbacks;
mod command_line;
mod dead_letters;
mod deadlines;
mod demo;
mod directions;
mod directory;
mod directory_commands;
mod doctor;
mod faulty_backends;
mod hostile;
mod hostile_members;
mod idempotency;
mod identity_rotation;
mod ivms101;
mod ivms101_check;
mod keyring;
mod listing;
mod logs;
mod members;
mod operation;
mod operators;
mod readme;
mod reports;
mod retention;
mod screening;
mod secrecy;
mod settings;
mod slow_callers;
mod withdrawal;

use waybill_tests::{Database, SharedDev};

/// What the nodes of this program keep their records in. The same modules run over the others in `e2e_postgres` and
/// `e2e_mariadb`.
const DATABASE: Database = Database::Sqlite;

/// The two VASPs that tests share which do not disturb each other.
async fn dev() -> &'static SharedDev {
    waybill_tests::dev(DATABASE).await
}
