//! Two separate nodes that die, and the line between them that breaks: what was accepted ends once, and alike on both
//! sides.

mod broken_lines;
mod consistency;
mod failpoints;
mod random_kills;
mod rotation;
mod screening;
mod withdrawals;

use waybill_tests::Database;

/// What the nodes of this program keep their records in.
const DATABASE: Database = Database::Sqlite;
