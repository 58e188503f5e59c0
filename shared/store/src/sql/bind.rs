//! Arguments in the form that each driver wants.

use chrono::NaiveDateTime;
use sqlx::SqlStr;
use sqlx::mysql::MySqlArguments;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{MySql, Postgres, Sqlite};

use super::Value;

/// Times are text, and so are VASP ids: SQLite's integers are signed.
pub(super) fn sqlite(statement: SqlStr, values: &[Value<'_>]) -> Query<'static, Sqlite, SqliteArguments> {
    values.iter().fold(sqlx::query(statement), |query, value| match value {
        Value::Text(text) => query.bind(text.as_deref().map(str::to_owned)),
        Value::Int(number) => query.bind(*number),
        Value::Flag(flag) => query.bind(*flag),
        Value::Time(at) => query.bind(at.map(time_text)),
        Value::Id(id) => query.bind(id.map(|id| id.to_string())),
    })
}

pub(super) fn mysql(statement: SqlStr, values: &[Value<'_>]) -> Query<'static, MySql, MySqlArguments> {
    values.iter().fold(sqlx::query(statement), |query, value| match value {
        Value::Text(text) => query.bind(text.as_deref().map(str::to_owned)),
        Value::Int(number) => query.bind(*number),
        Value::Flag(flag) => query.bind(*flag),
        Value::Time(at) => query.bind(*at),
        Value::Id(id) => query.bind(*id),
    })
}

/// VASP ids are text: PostgreSQL's integers are signed.
pub(super) fn postgres(statement: SqlStr, values: &[Value<'_>]) -> Query<'static, Postgres, PgArguments> {
    values.iter().fold(sqlx::query(statement), |query, value| match value {
        Value::Text(text) => query.bind(text.as_deref().map(str::to_owned)),
        Value::Int(number) => query.bind(*number),
        Value::Flag(flag) => query.bind(*flag),
        Value::Time(at) => query.bind(*at),
        Value::Id(id) => query.bind(id.map(|id| id.to_string())),
    })
}

/// `YYYY-MM-DD HH:MM:SS.mmm`, the form of SQLite's own functions.
fn time_text(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}
