//! What a node still has to do, read from its database.

use std::time::Duration;

use waybill_domain::{Clock as _, CommandId, Entropy as _};
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_store::tables::commands::{
    CommandFilter, CommandLease, CommandRow, CommandStatus, NewCommand, claim_named, fail, insert, list,
    wake_group,
};
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

/// Gives the one command of a kind about a verification up, as a node does that fails over it too often; its id.
pub async fn give_up(database: &NodeDatabase, kind: &'static str, uuid: &str) -> CommandId {
    let store = open(database).await;
    let lease = CommandLease { token: "gives up".to_owned(), length: Duration::from_secs(60) };
    let id = eventually("nobody holds it, and it is given up", crate::SOON, async || {
        let work = (uuid.to_owned(), lease.clone());
        let give_up = store.write("test::give_up", work, move |tx, (uuid, lease)| {
            Box::pin(async move {
                wake_group(tx, kind, uuid).await?;
                let filter = CommandFilter {
                    kind: Some(kind.to_owned()),
                    group_key: Some(uuid.clone()),
                    status: Some(CommandStatus::Created),
                };
                let ids: Vec<CommandId> = list(tx, &filter, 1).await?.iter().map(|row| row.id).collect();
                let claimed = claim_named(tx, kind, &ids, lease).await?;
                let Some(claimed) = claimed.first() else { return Ok(None) };
                fail(tx, claimed, "given up for a test").await?;
                Ok(Some(claimed.id))
            })
        });
        give_up.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    })
    .await;
    store.close().await;
    id
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
