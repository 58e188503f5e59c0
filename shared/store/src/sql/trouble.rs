//! Which failures mean that the same work may succeed when it is done again at once.

use sqlx::mysql::MySqlDatabaseError;
use sqlx::postgres::PgDatabaseError;

/// Why a transaction should be run again. Of several, the last one counts most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// A row had another state than was read before: whoever reads again may find a state to go on from.
    GuardLost,
    /// Somebody else's transaction was in the way, and ours had to go.
    Conflict,
    /// The connection can no longer be used; nothing of the transaction was committed.
    ConnectionLost,
}

impl Trouble {
    pub(crate) fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Database(refusal) => {
                if let Some(refusal) = refusal.try_downcast_ref::<MySqlDatabaseError>() {
                    Self::of_mysql(refusal.number())
                } else if refusal.try_downcast_ref::<PgDatabaseError>().is_some() {
                    Self::of_postgres(&refusal.code().unwrap_or_default())
                } else {
                    None
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => Some(Self::ConnectionLost),
            _ => None,
        }
    }

    fn of_mysql(number: u16) -> Option<Self> {
        match number {
            // record changed since it was read, lock wait timeout, deadlock, tables changed under a prepared statement
            1020 | 1205 | 1213 | 1615 => Some(Self::Conflict),
            // server shutting down, network errors, connection killed, server read-only after a failover
            1053 | 1152..=1161 | 1290 | 1836 | 1927 | 4031 => Some(Self::ConnectionLost),
            _ => None,
        }
    }

    fn of_postgres(code: &str) -> Option<Self> {
        match code {
            // serialization failure, deadlock, lock not available
            "40001" | "40P01" | "55P03" => Some(Self::Conflict),
            // the tables have changed under a prepared statement; server shutting down, crashed or starting; idle for
            // too long; connection exceptions
            "0A000" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Some(Self::ConnectionLost),
            code if code.starts_with("08") => Some(Self::ConnectionLost),
            _ => None,
        }
    }
}

/// MySQL's answer to a taken unique key.
pub(super) fn is_duplicate(error: &sqlx::Error) -> bool {
    let refusal = error.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    refusal.is_some_and(|refusal| refusal.number() == 1062)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_counts_more_than_a_conflict() {
        assert!(Trouble::ConnectionLost > Trouble::Conflict && Trouble::Conflict > Trouble::GuardLost);
    }

    #[test]
    fn deadlocks_are_conflicts_and_refusals_are_not() {
        for number in [1213, 1205] {
            assert_eq!(Trouble::of_mysql(number), Some(Trouble::Conflict));
        }
        for code in ["40001", "40P01"] {
            assert_eq!(Trouble::of_postgres(code), Some(Trouble::Conflict));
        }
        assert_eq!(Trouble::of_mysql(1062), None, "a duplicate stays one");
        assert_eq!(Trouble::of_postgres("23505"), None, "a duplicate stays one");
        assert_eq!(Trouble::of_postgres("08006"), Some(Trouble::ConnectionLost));
    }
}
