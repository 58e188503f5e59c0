//! Where statements go.

use sqlx::SqlStr;
use sqlx::mysql::MySqlConnection;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Sqlite};

use super::bind;
use super::{Dialect, Row, Value};

/// Prepared statements that a connection to a server keeps. The source has fewer, but for the filters of lists.
pub(crate) const STATEMENTS: usize = 256;

pub(crate) enum Connection {
    SqliteWriter(SqliteConnection),
    SqliteReader(PoolConnection<Sqlite>),
    MySql(MySqlConnection),
    Postgres(PgConnection),
}

impl Connection {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::SqliteWriter(_) | Self::SqliteReader(_) => Dialect::Sqlite,
            Self::MySql(_) => Dialect::MySql,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement; gives the number of rows it matched.
    pub(super) async fn execute(
        &mut self,
        statement: SqlStr,
        values: &[Value<'_>],
    ) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Self::SqliteWriter(on) => bind::sqlite(statement, values).execute(on).await?.rows_affected(),
            Self::SqliteReader(on) => {
                bind::sqlite(statement, values).execute(&mut **on).await?.rows_affected()
            }
            Self::MySql(on) => {
                make_room(on).await?;
                bind::mysql(statement, values).execute(on).await?.rows_affected()
            }
            Self::Postgres(on) => bind::postgres(statement, values).execute(on).await?.rows_affected(),
        })
    }

    pub(super) async fn fetch_all(
        &mut self,
        statement: SqlStr,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match self {
            Self::SqliteWriter(on) => rows(Row::Sqlite, bind::sqlite(statement, values).fetch_all(on).await?),
            Self::SqliteReader(on) => {
                rows(Row::Sqlite, bind::sqlite(statement, values).fetch_all(&mut **on).await?)
            }
            Self::MySql(on) => {
                make_room(on).await?;
                rows(Row::MySql, bind::mysql(statement, values).fetch_all(on).await?)
            }
            Self::Postgres(on) => rows(Row::Postgres, bind::postgres(statement, values).fetch_all(on).await?),
        })
    }

    /// Runs statements without arguments, such as `COMMIT`, in one round trip.
    pub(crate) async fn run_raw(&mut self, statements: SqlStr) -> Result<(), sqlx::Error> {
        match self {
            Self::SqliteWriter(on) => sqlx::raw_sql(statements).execute(on).await.map(drop),
            Self::SqliteReader(on) => sqlx::raw_sql(statements).execute(&mut **on).await.map(drop),
            Self::MySql(on) => sqlx::raw_sql(statements).execute(on).await.map(drop),
            Self::Postgres(on) => sqlx::raw_sql(statements).execute(on).await.map(drop),
        }
    }

    pub(crate) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::SqliteWriter(on) => on.ping().await,
            Self::SqliteReader(on) => on.ping().await,
            Self::MySql(on) => on.ping().await,
            Self::Postgres(on) => on.ping().await,
        }
    }

    /// Says good-bye to the server.
    pub(crate) async fn close(self) {
        let closed = match self {
            Self::SqliteWriter(on) => on.close().await,
            Self::SqliteReader(on) => on.close().await,
            Self::MySql(on) => on.close().await,
            Self::Postgres(on) => on.close().await,
        };
        if closed.is_err() {
            tracing::debug!("a connection was gone before it was closed");
        }
    }
}

/// Before the driver has to: it would close one old statement for each new one, which has no answer, and send the next
/// packet at once. That packet waits until the server acknowledges the first, 40 ms, because sqlx 0.9.0 leaves Nagle's
/// algorithm on. All at once it is one such wait for 256 statements.
async fn make_room(on: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    if on.cached_statements_size() < STATEMENTS { Ok(()) } else { on.clear_cached_statements().await }
}

fn rows<R>(kind: fn(R) -> Row, rows: Vec<R>) -> Vec<Row> {
    rows.into_iter().map(kind).collect()
}
