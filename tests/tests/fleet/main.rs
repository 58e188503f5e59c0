//! Services as processes, several of each, under load while everything around them fails: what was accepted ends once,
//! and alike on both sides.

mod faults;
mod ledger;
mod load;
mod report;
mod storm;
mod verdict;
mod withdrawal;

use std::time::Duration;

use waybill_testkit::servers::ServerKind;

use crate::faults::Fault;
use crate::storm::{Plan, weather};

/// As long as something may take that the processes must get over by themselves.
const PATIENCE: Duration = Duration::from_secs(90);

/// A selection; `cargo xtask crash` runs all.
#[tokio::test]
async fn nothing_is_lost_whatever_fails() {
    let faults = vec![
        Fault::Killed("counterparty"),
        Fault::BrokerKilled,
        Fault::DatabaseKilled,
        Fault::QueueDeleted,
        Fault::Poison,
    ];
    weather(ServerKind::Postgres, Plan { faults, ..Plan::of_the_environment() }).await;
}

#[tokio::test]
#[ignore = "takes ten minutes: cargo xtask crash"]
async fn everything_fails_over_postgresql() {
    weather(ServerKind::Postgres, Plan::everything()).await;
}

#[tokio::test]
#[ignore = "takes ten minutes: cargo xtask crash"]
async fn everything_fails_over_mariadb() {
    weather(ServerKind::MariaDb, Plan::everything()).await;
}
