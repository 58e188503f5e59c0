//! What is remembered of each step, in a table of the database itself.

use std::fmt::Write as _;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::Migration;

use crate::error::step_name;
use crate::sql::{Dialect, values};
use crate::{StoreError, Tx};

const MYSQL: &str = "/* schema::record */ CREATE TABLE IF NOT EXISTS schema_steps (
       version BIGINT NOT NULL PRIMARY KEY,
       name VARCHAR(128) NOT NULL,
       checksum VARCHAR(128) NOT NULL,
       statements_done INT NOT NULL,
       started_at DATETIME(3) NOT NULL,
       finished_at DATETIME(3) DEFAULT NULL
     ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
const POSTGRES: &str = "/* schema::record */ CREATE TABLE IF NOT EXISTS schema_steps (
       version BIGINT NOT NULL PRIMARY KEY,
       name TEXT NOT NULL,
       checksum TEXT NOT NULL,
       statements_done INTEGER NOT NULL,
       started_at TIMESTAMP(3) NOT NULL,
       finished_at TIMESTAMP(3) DEFAULT NULL
     )";

pub(super) struct Record {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) checksum: String,
    /// MySQL commits each change of the schema by itself: so many statements of the step were done.
    pub(super) statements_done: usize,
    pub(super) finished: bool,
}

pub(super) async fn create_table(tx: &mut Tx) -> Result<(), sqlx::Error> {
    tx.run_step(if tx.dialect() == Dialect::MySql { MYSQL } else { POSTGRES }.into_sql_str()).await
}

/// None in a database without schema.
pub(super) async fn read(tx: &mut Tx) -> Result<Vec<Record>, StoreError> {
    let rows = tx.fetch_all("/* schema::records */ SELECT * FROM schema_steps ORDER BY version", &[]).await;
    let rows = match rows {
        Err(StoreError::Refused { code, .. }) if code == "1146" || code == "42P01" => return Ok(Vec::new()),
        rows => rows?,
    };
    rows.iter()
        .map(|row| {
            Ok(Record {
                version: row.int("version")?,
                name: row.text("name")?,
                checksum: row.text("checksum")?,
                statements_done: row.count("statements_done")? as usize,
                finished: row.opt_time("finished_at")?.is_some(),
            })
        })
        .collect()
}

pub(super) async fn begin(tx: &mut Tx, step: &Migration) -> Result<(), StoreError> {
    tx.execute(
        "/* schema::begin */ INSERT INTO schema_steps (version, name, checksum, statements_done, started_at)
         VALUES (?, ?, ?, 0, {now})",
        values![step.version, step_name(step), checksum(step)],
    )
    .await
    .map(drop)
}

pub(super) async fn advance(tx: &mut Tx, step: &Migration, done: usize) -> Result<(), StoreError> {
    let done = i64::try_from(done).unwrap_or(i64::MAX);
    tx.execute(
        "/* schema::advance */ UPDATE schema_steps SET statements_done = ? WHERE version = ?",
        values![done, step.version],
    )
    .await
    .map(drop)
}

pub(super) async fn finish(tx: &mut Tx, step: &Migration) -> Result<(), StoreError> {
    tx.execute(
        "/* schema::finish */ UPDATE schema_steps SET finished_at = {now} WHERE version = ?",
        values![step.version],
    )
    .await
    .map(drop)
}

pub(super) fn checksum(step: &Migration) -> String {
    step.checksum.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
