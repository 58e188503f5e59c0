//! The steps of the schema on a server: which were applied, which are missing, applying them.

mod apply;
mod record;
mod statements;

pub(crate) use apply::migrate;

use sqlx::migrate::Migrator;

use super::connector::{Connector, Use};
use crate::error::step_name;
use crate::sql::Dialect;
use crate::{StoreError, Tx};
use record::Record;

static MYSQL: Migrator = sqlx::migrate!("../../migrations/mysql");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Fails unless the schema is exactly the one that this program knows.
pub(super) async fn check(connector: &Connector) -> Result<(), StoreError> {
    let (missing, records) = look(connector).await?;
    let Some(first) = missing.first() else { return Ok(()) };
    Err(StoreError::SchemaBehind(format!(
        "its schema lacks {} of {} steps, from {first} on: run `waybill migrate`",
        missing.len(),
        missing.len() + records,
    )))
}

/// The names of the steps that are still to be done. Changes nothing.
pub(crate) async fn missing_steps(connector: &Connector) -> Result<Vec<String>, StoreError> {
    look(connector).await.map(|(missing, _)| missing)
}

/// The names of the steps that are still to be done, and how many are done.
async fn look(connector: &Connector) -> Result<(Vec<String>, usize), StoreError> {
    let connection = connector.open(Use::Read, connector.deadline()).await?;
    let mut tx = Tx::with_patience(connection, connector.patience());
    let records = record::read(&mut tx).await?;
    let missing = missing(steps(&tx), &records);
    tx.into_connection().close().await;
    Ok((missing?, records.iter().filter(|record| record.finished).count()))
}

fn steps(tx: &Tx) -> &'static Migrator {
    if tx.dialect() == Dialect::MySql { &MYSQL } else { &POSTGRES }
}

/// The names of the steps that are still to be done. Fails when the two do not belong together.
fn missing(known: &Migrator, records: &[Record]) -> Result<Vec<String>, StoreError> {
    for record in records {
        let Some(step) = known.iter().find(|step| step.version == record.version) else {
            return Err(StoreError::Setup(format!(
                "its schema was made by a newer version of this program, which knows step {}",
                record.name
            )));
        };
        if record.checksum != record::checksum(step) {
            return Err(StoreError::Setup(format!(
                "step {} of its schema is not the one that this program knows",
                record.name
            )));
        }
    }
    let done = |version| records.iter().any(|record| record.version == version && record.finished);
    Ok(known.iter().filter(|step| !done(step.version)).map(step_name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_database_has_the_same_steps() {
        let sqlite: Vec<String> = crate::sqlite::step_names();
        for migrator in [&MYSQL, &POSTGRES] {
            assert_eq!(migrator.iter().map(step_name).collect::<Vec<_>>(), sqlite);
        }
    }
}
