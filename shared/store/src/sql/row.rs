//! Rows of results, read by column name.

use std::str::FromStr;

use chrono::NaiveDateTime;
use sqlx::mysql::MySqlRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex as _, Row as _};
use waybill_domain::{Timestamp, VaspId};

use crate::StoreError;

/// One row of a result.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    MySql(MySqlRow),
    Postgres(PgRow),
}

/// Reads a column as a Rust type, whatever the driver.
macro_rules! get {
    ($row:expr, $column:expr) => {
        match $row {
            Row::Sqlite(row) => $column.index(row).and_then(|at| row.try_get(at)),
            Row::MySql(row) => $column.index(row).and_then(|at| row.try_get(at)),
            Row::Postgres(row) => $column.index(row).and_then(|at| row.try_get(at)),
        }
    };
}

impl Row {
    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        get!(self, column).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or(StoreError::Unreadable(column))
    }

    pub(crate) fn opt_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        let number: Result<Option<i64>, _> = get!(self, column);
        if let Ok(number) = number {
            return Ok(number);
        }
        match self {
            Self::Sqlite(_) => Err(StoreError::Unreadable(column)),
            Self::MySql(row) => {
                let number: Option<u64> = row.try_get(column).map_err(|_| StoreError::Unreadable(column))?;
                number.map(i64::try_from).transpose().map_err(|_| StoreError::Unreadable(column))
            }
            Self::Postgres(row) => {
                let number: Option<i32> = row.try_get(column).map_err(|_| StoreError::Unreadable(column))?;
                Ok(number.map(i64::from))
            }
        }
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or(StoreError::Unreadable(column))
    }

    pub(crate) fn count(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.int(column)?).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        get!(self, column).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        let unreadable = |_| StoreError::Unreadable(column);
        let at: Option<NaiveDateTime> = match self {
            Self::Sqlite(_) => {
                let Some(text) = self.opt_text(column)? else { return Ok(None) };
                let at = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f");
                Some(at.map_err(|_| StoreError::Unreadable(column))?)
            }
            Self::MySql(row) => row.try_get(column).map_err(unreadable)?,
            Self::Postgres(row) => row.try_get(column).map_err(unreadable)?,
        };
        Ok(at.map(|at| at.and_utc()))
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.opt_time(column)?.ok_or(StoreError::Unreadable(column))
    }

    pub(crate) fn vasp_id(&self, column: &'static str) -> Result<VaspId, StoreError> {
        match self {
            Self::MySql(row) => {
                row.try_get(column).map(VaspId::new).map_err(|_| StoreError::Unreadable(column))
            }
            _ => self.parsed(column),
        }
    }

    /// A value of the domain that is stored as text.
    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| StoreError::Unreadable(column))
    }
}
