//! Which nodes share the database, and which keys each of them has. All by the database's clock.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// What a node says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Tells it from all others.
    pub node_id: String,
    /// The host it runs on, for people.
    pub host: String,
    /// Names of the keys in its ring, the one that seals first.
    pub key_names: Vec<String>,
}

/// A node, as it was last heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNode {
    /// What it said.
    pub said: Announcement,
    /// Since when it seals with the first of its keys.
    pub seals_since: Timestamp,
    /// When it was last heard of.
    pub announced_at: Timestamp,
    /// Whether it was heard of lately.
    pub is_live: bool,
    /// Whether it seals with the first of its keys for so long that nothing sealed before is still on its way.
    pub is_settled: bool,
}

/// What "lately" and "for so long" mean.
#[derive(Debug, Clone, Copy)]
pub struct Spans {
    /// A node that was not heard of for longer is taken for gone.
    pub live: Duration,
    /// How long a sealed value may be on its way into the database.
    pub settled: Duration,
}

/// Remembers what a node says.
///
/// # Errors
/// [`StoreError`].
pub async fn announce(tx: &mut Tx, said: &Announcement) -> Result<(), StoreError> {
    let sealing = said.key_names.first().map_or("", String::as_str);
    let names = said.key_names.join(",");
    let known = tx
        .execute(
            "/* keyring_nodes::announce */ UPDATE keyring_nodes
             SET seals_since = CASE WHEN sealing_key = ? THEN seals_since ELSE {now} END,
               host = ?, sealing_key = ?, key_names = ?, announced_at = {now}
             WHERE node_id = ?",
            values![sealing, &said.host, sealing, &names, &said.node_id],
        )
        .await?;
    if known == 0 {
        tx.insert(
            "/* keyring_nodes::announce_first */ INSERT INTO keyring_nodes
               (node_id, host, sealing_key, key_names, seals_since, announced_at)
             VALUES (?, ?, ?, ?, {now}, {now}) {unless there}",
            values![&said.node_id, &said.host, sealing, &names],
        )
        .await?;
    }
    Ok(())
}

/// Forgets a node that has stopped.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, node_id: &str) -> Result<(), StoreError> {
    tx.execute("/* keyring_nodes::forget */ DELETE FROM keyring_nodes WHERE node_id = ?", values![node_id])
        .await
        .map(drop)
}

/// Forgets nodes that were not heard of for so long.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_unheard(tx: &mut Tx, longer_than: Duration) -> Result<(), StoreError> {
    tx.execute(
        "/* keyring_nodes::forget_unheard */ DELETE FROM keyring_nodes WHERE announced_at < {now+ms}",
        values![ago(longer_than)],
    )
    .await
    .map(drop)
}

/// All nodes that are remembered.
///
/// # Errors
/// [`StoreError`].
pub async fn all(tx: &mut Tx, spans: Spans) -> Result<Vec<KnownNode>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* keyring_nodes::all */ SELECT node_id, host, key_names, seals_since, announced_at,
               announced_at > {now+ms} AS is_live, seals_since < {now+ms} AS is_settled
             FROM keyring_nodes ORDER BY host, node_id",
            values![ago(spans.live), ago(spans.settled)],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Milliseconds to add to the present to get there.
fn ago(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).map_or(0, |ms| -ms)
}

fn read(row: &Row) -> Result<KnownNode, StoreError> {
    Ok(KnownNode {
        said: Announcement {
            node_id: row.text("node_id")?,
            host: row.text("host")?,
            key_names: row.text("key_names")?.split(',').map(str::to_owned).collect(),
        },
        seals_since: row.time("seals_since")?,
        announced_at: row.time("announced_at")?,
        is_live: row.flag("is_live")?,
        is_settled: row.flag("is_settled")?,
    })
}
