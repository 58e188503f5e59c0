//! What can go wrong with a database. No variant carries a value from a row or a statement.

use sqlx::error::DatabaseError;
use sqlx::migrate::Migration;
use sqlx::mysql::MySqlDatabaseError;

use crate::sql::Trouble;

/// A failed piece of database work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or does not answer; trying again later makes sense.
    #[error("the database is unavailable ({0})")]
    Unavailable(&'static str),
    /// The database refused a statement. The driver's text can hold row values, so only its code is kept.
    #[error("the database refused `{statement}` (code {code})")]
    Refused {
        /// First line of the statement: the name of the function it belongs to.
        statement: &'static str,
        /// The driver's error code.
        code: String,
    },
    /// A stored value cannot be read as what it should be.
    #[error("column `{0}` holds an unreadable value")]
    Unreadable(&'static str),
    /// A guarded change found another state than it expected: somebody else was quicker.
    #[error("the row is no longer in the expected state ({0})")]
    GuardLost(&'static str),
    /// The schema on a server is behind; `waybill migrate` brings it up to date.
    #[error("the database cannot be opened: {0}")]
    SchemaBehind(String),
    /// The database file cannot be opened or brought to the current schema.
    #[error("the database cannot be opened: {0}")]
    Setup(String),
}

impl StoreError {
    /// Whether the same work can succeed later without any change.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    pub(crate) fn from_driver(statement: &'static str, error: &sqlx::Error) -> Self {
        match error {
            _ if Trouble::of(error) == Some(Trouble::Conflict) => {
                Self::Unavailable("a conflict with other work")
            }
            _ if Trouble::of(error) == Some(Trouble::ConnectionLost) => Self::Unavailable("connection lost"),
            sqlx::Error::Database(refusal) => Self::refused(name_of(statement), refusal.as_ref()),
            sqlx::Error::PoolTimedOut => Self::Unavailable("no free connection"),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Unavailable("closed"),
            _ => Self::Refused { statement: name_of(statement), code: "driver".to_owned() },
        }
    }

    fn refused(statement: &'static str, refusal: &dyn DatabaseError) -> Self {
        let number =
            refusal.try_downcast_ref::<MySqlDatabaseError>().map(|refusal| refusal.number().to_string());
        let code = number.or_else(|| refusal.code().map(|code| code.into_owned())).unwrap_or_default();
        match code.as_str() {
            // MariaDB, MySQL, PostgreSQL
            "1969" | "3024" | "57014" => Self::Unavailable("a statement took too long"),
            _ => Self::Refused { statement, code },
        }
    }
}

/// The name of a step of the schema, as its file has it without the ending.
pub(crate) fn step_name(step: &Migration) -> String {
    format!("{:04}_{}", step.version, step.description.replace(' ', "_"))
}

/// Statements start with a comment that names their function: `/* commands::claim */ UPDATE …`.
fn name_of(statement: &'static str) -> &'static str {
    statement.strip_prefix("/* ").and_then(|rest| rest.split(" */").next()).unwrap_or("unnamed")
}

#[cfg(test)]
mod tests {
    #[test]
    fn statements_are_named_by_their_comment() {
        assert_eq!(super::name_of("/* a::b */ SELECT 1"), "a::b");
        assert_eq!(super::name_of("SELECT 1"), "unnamed");
    }
}
