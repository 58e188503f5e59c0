//! Rows of results, read by column name.

use std::str::FromStr;

use chrono::NaiveDateTime;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex as _, Row as _};
use waybill_domain::Timestamp;

use crate::StoreError;

/// One row of a result.
pub(crate) struct Row(pub(crate) SqliteRow);

impl Row {
    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        column.index(&self.0).and_then(|at| self.0.try_get(at)).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or(StoreError::Unreadable(column))
    }

    pub(crate) fn opt_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        column.index(&self.0).and_then(|at| self.0.try_get(at)).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or(StoreError::Unreadable(column))
    }

    pub(crate) fn count(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.int(column)?).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        let Some(text) = self.opt_text(column)? else { return Ok(None) };
        let at = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f");
        at.map(|at| Some(at.and_utc())).map_err(|_| StoreError::Unreadable(column))
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.opt_time(column)?.ok_or(StoreError::Unreadable(column))
    }

    /// A value of the domain that is stored as text.
    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| StoreError::Unreadable(column))
    }
}
