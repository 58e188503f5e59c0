//! The connection on which a piece of work runs.

use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Sqlite};

use super::dialect::render;
use super::{Row, Value};
use crate::StoreError;

/// A connection inside a transaction. Made by the store, used through the functions in [`crate::tables`].
pub struct Tx {
    connection: Connection,
    commands_due: Vec<&'static str>,
    #[cfg(test)]
    plans: Vec<String>,
}

/// Where statements go.
pub(crate) enum Connection {
    SqliteWriter(SqliteConnection),
    SqliteReader(PoolConnection<Sqlite>),
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            commands_due: Vec::new(),
            #[cfg(test)]
            plans: Vec::new(),
        }
    }

    /// Notes that a command of a kind may have become due, so that its dispatcher is woken after the commit.
    pub(crate) fn note_command(&mut self, kind: &'static str) {
        if !self.commands_due.contains(&kind) {
            self.commands_due.push(kind);
        }
    }

    /// The kinds noted since the last call.
    pub(crate) fn take_noted_kinds(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.commands_due)
    }

    /// Runs a statement; gives the number of rows it matched.
    pub(crate) async fn execute(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        #[cfg(test)]
        self.note_plan(render(statement), values).await;
        let query = bind(sqlx::query(render(statement)), values);
        let done = query.execute(self.sqlite()).await;
        done.map(|done| done.rows_affected()).map_err(|error| StoreError::from_driver(statement, &error))
    }

    /// Runs a guarded change: exactly one row must match, else [`StoreError::GuardLost`].
    pub(crate) async fn execute_one(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
        what: &'static str,
    ) -> Result<(), StoreError> {
        match self.execute(statement, values).await? {
            1 => Ok(()),
            _ => Err(StoreError::GuardLost(what)),
        }
    }

    /// Runs a query; gives its rows.
    pub(crate) async fn fetch_all(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        #[cfg(test)]
        self.note_plan(render(statement), values).await;
        let query = bind(sqlx::query(render(statement)), values);
        let rows = query.fetch_all(self.sqlite()).await;
        rows.map(|rows| rows.into_iter().map(Row).collect())
            .map_err(|error| StoreError::from_driver(statement, &error))
    }

    /// Runs a query that gives one row at most.
    pub(crate) async fn fetch_optional(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        #[cfg(test)]
        self.note_plan(render(statement), values).await;
        let query = bind(sqlx::query(render(statement)), values);
        let row = query.fetch_optional(self.sqlite()).await;
        row.map(|row| row.map(Row)).map_err(|error| StoreError::from_driver(statement, &error))
    }

    /// Runs a query put together at run time. `statement` must consist of constants of this crate only.
    pub(crate) async fn fetch_built(
        &mut self,
        name: &'static str,
        statement: String,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        #[cfg(test)]
        self.note_plan(&statement, values).await;
        let query = bind(sqlx::query(AssertSqlSafe(statement)), values);
        let rows = query.fetch_all(self.sqlite()).await;
        rows.map(|rows| rows.into_iter().map(Row).collect())
            .map_err(|error| StoreError::from_driver(name, &error))
    }

    /// How the database carries statements out, for the tests that look at it.
    #[cfg(test)]
    async fn note_plan(&mut self, statement: &str, values: &[Value<'_>]) {
        let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps = bind(sqlx::query(explained), values).fetch_all(self.sqlite()).await.unwrap_or_default();
        let steps: Vec<String> = steps.iter().map(|step| sqlx::Row::get(step, "detail")).collect();
        self.plans.push(steps.join("; "));
    }

    /// The plans noted since the last call, one for each statement.
    #[cfg(test)]
    pub(crate) fn take_plans(&mut self) -> Vec<String> {
        std::mem::take(&mut self.plans)
    }

    fn sqlite(&mut self) -> &mut SqliteConnection {
        match &mut self.connection {
            Connection::SqliteWriter(connection) => connection,
            Connection::SqliteReader(connection) => connection,
        }
    }
}

fn bind<'q>(
    mut query: Query<'q, Sqlite, SqliteArguments>,
    values: &[Value<'_>],
) -> Query<'q, Sqlite, SqliteArguments> {
    for value in values {
        query = match value {
            Value::Null => query.bind(None::<String>),
            Value::Text(text) => query.bind(text.clone().into_owned()),
            Value::Int(number) => query.bind(*number),
        };
    }
    query
}
