//! What runs over SQLite in `e2e` and `crash`, and what only a server makes possible. The program that has this as a
//! module says which server: `crate::DATABASE`.

#[path = "../e2e/account.rs"]
pub mod account;
#[path = "../e2e/answers.rs"]
mod answers;
#[path = "../e2e/callbacks.rs"]
mod callbacks;
#[path = "../crash/consistency.rs"]
pub mod consistency;
#[path = "../e2e/deadlines.rs"]
mod deadlines;
#[path = "../e2e/directions.rs"]
mod directions;
mod doctor;
mod front;
#[path = "../e2e/idempotency.rs"]
mod idempotency;
#[path = "../e2e/identity_rotation.rs"]
mod identity_rotation;
mod keyring;
mod lifecycle;
#[path = "../e2e/listing.rs"]
mod listing;
mod migrating;
#[path = "../e2e/operators.rs"]
mod operators;
mod outages;
pub mod processes;
#[path = "../crash/random_kills.rs"]
mod random_kills;
mod replicas;
#[path = "../e2e/reports.rs"]
mod reports;
#[path = "../e2e/retention.rs"]
mod retention;
#[path = "../e2e/screening.rs"]
mod screening;
mod secrecy;
mod sharing;
#[path = "../e2e/withdrawal.rs"]
mod withdrawal;
#[path = "../crash/withdrawals.rs"]
pub mod withdrawals;

/// The two VASPs that tests share which do not disturb each other.
pub async fn dev() -> &'static waybill_tests::SharedDev {
    waybill_tests::dev(crate::DATABASE).await
}
