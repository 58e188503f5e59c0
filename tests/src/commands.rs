//! What a node still has to do, read from its database.

use std::time::Duration;

use waybill_store::tables::commands::{CommandFilter, CommandRow, CommandStatus, list};
use waybill_store::{Store, StoreError};
use waybill_testkit::eventually;

use crate::NodeDatabase;

/// The kinds of the commands that are not done yet.
pub async fn kinds_left(database: &NodeDatabase) -> Vec<String> {
    let store = open(database).await;
    let kinds = left(&store).await.into_iter().map(|row| row.kind).collect();
    store.close().await;
    kinds
}

/// Waits until all commands are done, which is soon after their effect is seen. Panics when one was given up.
pub async fn no_command_is_left(database: &NodeDatabase, patience: Duration) {
    let store = open(database).await;
    eventually(&format!("all commands of {database:?} are done"), patience, async || {
        left(&store).await.is_empty().then_some(())
    })
    .await;
    let given_up = of(&store, CommandStatus::Error).await;
    assert!(given_up.is_empty(), "given up: {given_up:?}");
    store.close().await;
}

async fn open(database: &NodeDatabase) -> Store {
    Store::open(&database.options()).await.expect("the database opens")
}

async fn left(store: &Store) -> Vec<CommandRow> {
    let mut left = of(store, CommandStatus::Created).await;
    left.extend(of(store, CommandStatus::Processing).await);
    left
}

async fn of(store: &Store, status: CommandStatus) -> Vec<CommandRow> {
    let filter = CommandFilter { status: Some(status), ..CommandFilter::default() };
    let rows: Result<_, StoreError> =
        store.read("test", filter, |tx, filter| Box::pin(list(tx, filter, 100))).await;
    rows.expect("commands can be read")
}
