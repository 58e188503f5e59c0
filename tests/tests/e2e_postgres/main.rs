//! The suite for databases on servers, on PostgreSQL.

mod idle;
#[path = "../servers/suite.rs"]
mod suite;

use suite::{account, consistency, dev, withdrawals};
use waybill_tests::Database;

/// What the nodes of this program keep their records in.
const DATABASE: Database = Database::Postgres;
