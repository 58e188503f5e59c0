//! What a node still has to do, read from its database.

use std::time::Duration;

use waybill_domain::{Clock as _, CommandId, Entropy as _};
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_store::tables::commands::{CommandFilter, CommandRow, CommandStatus, NewCommand, insert, list};
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
    let given_up = none_left_but_given_up(database, patience).await;
    assert!(given_up.is_empty(), "given up: {given_up:?}");
}

/// Waits until all commands are done; those that were given up, 100 at the most.
pub async fn none_left_but_given_up(database: &NodeDatabase, patience: Duration) -> Vec<CommandRow> {
    let store = open(database).await;
    eventually(&format!("all commands of {database:?} are done"), patience, async || {
        left(&store).await.is_empty().then_some(())
    })
    .await;
    let given_up = of(&store, CommandStatus::Error).await;
    store.close().await;
    given_up
}

/// Puts in a command that no worker can read.
pub async fn poison(database: &NodeDatabase, kind: &'static str) {
    let store = open(database).await;
    let now = SystemClock.now();
    let id = CommandId::new(i64::try_from(SystemEntropy.below(i64::MAX as u64)).expect("it is below"));
    let command = NewCommand::new(id, kind, r#"{"of": "no use"}"#.to_owned(), now);
    let inserted: Result<_, StoreError> =
        store.write("test::poison", command, |tx, command| Box::pin(insert(tx, command))).await;
    inserted.expect("a command can be put in");
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
