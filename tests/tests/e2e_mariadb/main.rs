//! What runs over SQLite in `e2e` and `crash`, on MariaDB, and what only a server makes possible.

#[path = "../e2e/account.rs"]
mod account;
#[path = "../e2e/answers.rs"]
mod answers;
#[path = "../e2e/callbacks.rs"]
mod callbacks;
#[path = "../crash/consistency.rs"]
mod consistency;
#[path = "../e2e/deadlines.rs"]
mod deadlines;
#[path = "../e2e/directions.rs"]
mod directions;
#[path = "../e2e/idempotency.rs"]
mod idempotency;
#[path = "../e2e/identity_rotation.rs"]
mod identity_rotation;
#[path = "../servers/keyring.rs"]
mod keyring;
#[path = "../e2e/listing.rs"]
mod listing;
#[path = "../servers/migrating.rs"]
mod migrating;
#[path = "../e2e/operators.rs"]
mod operators;
#[path = "../servers/outages.rs"]
mod outages;
#[path = "../crash/random_kills.rs"]
mod random_kills;
#[path = "../e2e/reports.rs"]
mod reports;
#[path = "../e2e/retention.rs"]
mod retention;
#[path = "../servers/secrecy.rs"]
mod secrecy;
#[path = "../servers/sharing.rs"]
mod sharing;
#[path = "../e2e/withdrawal.rs"]
mod withdrawal;
#[path = "../crash/withdrawals.rs"]
mod withdrawals;

use waybill_tests::{Database, SharedDev};

/// What the nodes of this program keep their records in.
const DATABASE: Database = Database::MariaDb;

/// The two VASPs that tests share which do not disturb each other.
async fn dev() -> &'static SharedDev {
    waybill_tests::dev(DATABASE).await
}
