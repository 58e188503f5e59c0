//! The connection on which a piece of work runs.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::{SqlSafeStr as _, SqlStr};
use waybill_domain::{Role, Timestamp, VerificationResult};

use super::trouble::{Trouble, is_duplicate};
use super::{Connection, Dialect, Row, Value};
use crate::signals::{Notes, VerificationEnded};
use crate::{Announcement, StoreError};

/// A connection inside a transaction. Made by the store, used through the functions in [`crate::tables`].
pub struct Tx {
    connection: Connection,
    notes: Notes,
    announces: bool,
    trouble: Option<Trouble>,
    /// The first statement that failed.
    failed: Option<&'static str>,
    /// How long a statement may take before the connection is given up; none for a file.
    patience: Option<Duration>,
    #[cfg(test)]
    plans: Vec<String>,
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            notes: Notes::default(),
            announces: false,
            trouble: None,
            failed: None,
            patience: None,
            #[cfg(test)]
            plans: Vec::new(),
        }
    }

    /// Gives a statement's connection up after this time: the server should have stopped the statement before.
    pub(crate) fn with_patience(connection: Connection, patience: Duration) -> Self {
        Self { patience: Some(patience), ..Self::new(connection) }
    }

    pub(crate) fn into_connection(self) -> Connection {
        self.connection
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    /// New commands are announced after the commit.
    pub(crate) fn announcing(mut self, announces: bool) -> Self {
        self.announces = announces;
        self
    }

    pub(crate) fn announces(&self) -> bool {
        self.announces
    }

    /// Notes that a command of a kind may have become due, so that its dispatcher is woken after the commit.
    pub(crate) fn note_command(&mut self, kind: &'static str) {
        if !self.notes.kinds.contains(&kind) {
            self.notes.kinds.push(kind);
        }
    }

    /// Notes a new command that was marked as published, to be announced after the commit.
    pub(crate) fn note_announcement(&mut self, announcement: Announcement) {
        self.notes.announcements.push(announcement);
    }

    /// What was noted since the last call.
    /// Measures, once this is committed, how long a verification took to its result. `at` is the node's time of it.
    pub fn note_ended(
        &mut self,
        role: Role,
        result: VerificationResult,
        created_at: Timestamp,
        at: Timestamp,
    ) {
        let role = match role {
            Role::Originator => "originator",
            Role::Beneficiary => "beneficiary",
        };
        let age = (at - created_at).to_std().unwrap_or_default();
        self.notes.ended.push(VerificationEnded { role, result: result.as_str(), age });
    }

    /// What was measured since there were so many is undone.
    pub(crate) fn forget_ended(&mut self, since: usize) {
        self.notes.ended.truncate(since);
    }

    /// How many were measured.
    pub(crate) fn ended(&self) -> usize {
        self.notes.ended.len()
    }

    pub(crate) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// Notes that a row was not in the state that was read before: on a server, work that fails after this is done
    /// again, because what it reads then may be another state.
    pub(crate) fn note_lost_guard(&mut self) {
        self.note_trouble(Trouble::GuardLost);
    }

    /// Why the transaction should be run again, if so.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.trouble
    }

    /// The first statement that failed.
    pub(crate) fn failed(&self) -> Option<&'static str> {
        self.failed
    }

    fn note_trouble(&mut self, trouble: Trouble) {
        self.trouble = self.trouble.max(Some(trouble));
    }

    /// Runs a statement; gives the number of rows it matched.
    pub(crate) async fn execute(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let done = self.try_execute(statement, values).await;
        done.map_err(|error| self.failure(statement, error))
    }

    /// Runs an `INSERT … {unless there}`; false when a unique key of the row is taken.
    pub(crate) async fn insert(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<bool, StoreError> {
        match self.try_execute(statement, values).await {
            Ok(added) => Ok(added == 1),
            Err(Failure::Driver(error)) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(self.failure(statement, error)),
        }
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
            _ => {
                self.note_lost_guard();
                Err(StoreError::GuardLost(what))
            }
        }
    }

    /// Runs a statement put together at run time. It must consist of constants of this crate only.
    pub(crate) async fn execute_built(
        &mut self,
        name: &'static str,
        statement: String,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let statement = self.dialect().render_built(&statement);
        let done = self.send_execute(AssertSqlSafe(statement).into_sql_str(), values).await;
        done.map_err(|error| self.failure(name, error))
    }

    /// Runs a query; gives its rows.
    pub(crate) async fn fetch_all(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let rendered = self.dialect().render(statement).into_sql_str();
        let rows = self.send_fetch(rendered, values).await;
        rows.map_err(|error| self.failure(statement, error))
    }

    /// Runs a query that gives one row at most.
    pub(crate) async fn fetch_optional(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch_all(statement, values).await?.into_iter().next())
    }

    /// Runs a query put together at run time. `statement` must consist of constants of this crate only.
    pub(crate) async fn fetch_built(
        &mut self,
        name: &'static str,
        statement: String,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let statement = self.dialect().render_built(&statement);
        let rows = self.send_fetch(AssertSqlSafe(statement).into_sql_str(), values).await;
        rows.map_err(|error| self.failure(name, error))
    }

    /// Runs a statement that begins, ends or prepares transactions.
    pub(crate) async fn control(&mut self, statement: &'static str) -> Result<(), StoreError> {
        let done = within(self.patience, self.connection.run_raw(statement.into_sql_str())).await;
        done.map_err(|error| self.failure(statement, error))
    }

    /// Runs a piece of a migration; the driver's error says what an operator has to mend.
    pub(crate) async fn run_step(&mut self, statements: SqlStr) -> Result<(), sqlx::Error> {
        self.connection.run_raw(statements).await
    }

    async fn try_execute(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<u64, Failure> {
        self.send_execute(self.dialect().render(statement).into_sql_str(), values).await
    }

    async fn send_execute(&mut self, statement: SqlStr, values: &[Value<'_>]) -> Result<u64, Failure> {
        #[cfg(test)]
        self.note_plan(statement.as_str(), values).await;
        within(self.patience, self.connection.execute(statement, values)).await
    }

    async fn send_fetch(&mut self, statement: SqlStr, values: &[Value<'_>]) -> Result<Vec<Row>, Failure> {
        #[cfg(test)]
        self.note_plan(statement.as_str(), values).await;
        within(self.patience, self.connection.fetch_all(statement, values)).await
    }

    fn failure(&mut self, statement: &'static str, failure: Failure) -> StoreError {
        let error = match &failure {
            Failure::Driver(error) => StoreError::from_driver(statement, error),
            Failure::Silence => StoreError::Unavailable("the server does not answer"),
        };
        let trouble = match &failure {
            Failure::Driver(error) => Trouble::of(error),
            Failure::Silence => Some(Trouble::ConnectionLost),
        };
        if let Some(trouble) = trouble {
            self.note_trouble(trouble);
        }
        self.failed.get_or_insert(statement);
        error
    }

    /// How the database carries statements out, for the tests that look at it.
    #[cfg(test)]
    async fn note_plan(&mut self, statement: &str, values: &[Value<'_>]) {
        if self.dialect() != Dialect::Sqlite {
            return;
        }
        let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")).into_sql_str();
        let steps = self.connection.fetch_all(explained, values).await.unwrap_or_default();
        let steps: Vec<String> = steps.iter().map(|step| step.text("detail").unwrap()).collect();
        self.plans.push(steps.join("; "));
    }

    /// The plans noted since the last call, one for each statement.
    #[cfg(test)]
    pub(crate) fn take_plans(&mut self) -> Vec<String> {
        std::mem::take(&mut self.plans)
    }
}

/// Why a statement gave no result.
enum Failure {
    Driver(sqlx::Error),
    /// No answer in time: the connection is in an unknown state.
    Silence,
}

async fn within<T>(
    patience: Option<Duration>,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Failure> {
    let answer = match patience {
        Some(patience) => tokio::time::timeout(patience, answer).await.map_err(|_| Failure::Silence)?,
        None => answer.await,
    };
    answer.map_err(Failure::Driver)
}
