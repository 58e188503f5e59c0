//! Doing the steps that are missing.

use sqlx::AssertSqlSafe;
use sqlx::migrate::Migration;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::{SqlSafeStr as _, SqlStr};

use super::record::{self, Record};
use super::{missing, statements, steps};
use crate::error::step_name;
use crate::server::connector::{Connector, Use};
use crate::sql::Dialect;
use crate::{StoreError, Tx};

/// Applies what is missing, in order; gives the names. Others that try meanwhile wait, and find it done. What was
/// interrupted goes on where it stopped.
pub(crate) async fn migrate(connector: &Connector) -> Result<Vec<String>, StoreError> {
    let mut tx = Tx::new(connector.open(Use::Migrate, connector.deadline()).await?);
    lock(&mut tx).await?; // until the connection ends
    let made = record::create_table(&mut tx).await;
    made.map_err(|error| StoreError::Setup(format!("no table can be made: {}", why(&error))))?;
    let records = record::read(&mut tx).await?;
    let known = steps(&tx);
    let missing = missing(known, &records)?;
    for step in known.iter().filter(|step| missing.contains(&step_name(step))) {
        tracing::info!(step = step_name(step), "changing the schema");
        match tx.dialect() {
            Dialect::MySql => {
                let begun = records.iter().find(|record| record.version == step.version);
                apply_in_pieces(&mut tx, step, begun).await?;
            }
            _ => apply_at_once(&mut tx, step).await?,
        }
    }
    tx.into_connection().close().await;
    Ok(missing)
}

async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    let locked = match tx.dialect() {
        // The names of MySQL's locks are of the whole server.
        Dialect::MySql => {
            tx.fetch_optional(
                "/* schema::lock */ SELECT GET_LOCK(CONCAT('waybill:', MD5(DATABASE())), 600) AS locked",
                &[],
            )
            .await
        }
        _ => {
            tx.fetch_optional("/* schema::lock */ SELECT 1 AS locked FROM pg_advisory_lock(7739543261)", &[])
                .await
        }
    };
    let locked = locked?.map(|row| row.opt_int("locked")).transpose()?.flatten();
    match locked {
        Some(1) => Ok(()),
        _ => Err(StoreError::Setup("somebody else has been changing the schema for ten minutes".to_owned())),
    }
}

/// PostgreSQL: all of a step or nothing.
async fn apply_at_once(tx: &mut Tx, step: &Migration) -> Result<(), StoreError> {
    tx.control("BEGIN").await?;
    record::begin(tx, step).await?;
    let done = tx.run_step(step.sql.clone()).await;
    done.map_err(|error| refused(step, None, &error))?;
    record::finish(tx, step).await?;
    tx.control("COMMIT").await
}

/// MySQL commits each change by itself, so each is recorded by itself. The first one after an interruption may have been
/// done without having been recorded.
async fn apply_in_pieces(tx: &mut Tx, step: &Migration, begun: Option<&Record>) -> Result<(), StoreError> {
    if begun.is_none() {
        record::begin(tx, step).await?;
    }
    let done = begun.map_or(0, |record| record.statements_done);
    let collation = collation(tx).await?;
    for (at, statement) in
        statements::statements(step.sql.as_str(), collation).into_iter().enumerate().skip(done)
    {
        let in_doubt = begun.is_some() && at == done;
        let statement: SqlStr = AssertSqlSafe(statement).into_sql_str();
        match tx.run_step(statement).await {
            Err(error) if !(in_doubt && says_done(&error)) => {
                return Err(refused(step, Some(at + 1), &error));
            }
            _ => record::advance(tx, step, at + 1).await?,
        }
    }
    record::finish(tx, step).await
}

async fn collation(tx: &mut Tx) -> Result<&'static str, StoreError> {
    let row = tx.fetch_optional("/* schema::product */ SELECT VERSION() AS version", &[]).await?;
    let version = row.ok_or(StoreError::Unreadable("version"))?.text("version")?;
    Ok(if version.contains("MariaDB") { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" })
}

/// There already: a table, column, index, trigger, constraint. No longer there: the same.
fn says_done(error: &sqlx::Error) -> bool {
    matches!(mysql_number(error), Some(1050 | 1060 | 1061 | 1359 | 1826 | 3822 | 1051 | 1091 | 1360))
}

fn mysql_number(error: &sqlx::Error) -> Option<u16> {
    let refusal = error.as_database_error()?;
    refusal.try_downcast_ref::<MySqlDatabaseError>().map(|refusal| refusal.number())
}

fn refused(step: &Migration, statement: Option<usize>, error: &sqlx::Error) -> StoreError {
    let place = statement.map_or_else(String::new, |number| format!(", statement {number}"));
    StoreError::Setup(format!("step {}{place}: {}", step_name(step), why(error)))
}

/// The server's text is left out where it could repeat what is stored.
fn why(error: &sqlx::Error) -> String {
    match (mysql_number(error), error.as_database_error()) {
        (Some(1419), _) => "the server keeps a binary log and lets only administrators make triggers: \
                            set log_bin_trust_function_creators = 1, or migrate as an administrator"
            .to_owned(),
        (number, Some(refusal)) => {
            let code = refusal.code().unwrap_or_default();
            let number = number.map(|number| format!(", {number}")).unwrap_or_default();
            // Faults of the statement and missing rights, a missing schema.
            let is_plain = code.starts_with("42") || code.starts_with("3F");
            let said = if is_plain { refusal.message() } else { "the server refuses it" };
            format!("{said} ({code}{number})")
        }
        (_, None) => "the connection was lost".to_owned(),
    }
}
