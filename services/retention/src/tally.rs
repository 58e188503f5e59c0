//! How many rows of which table were deleted.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde_json::{Value, json};

/// Rows by table. Tables of which nothing was deleted are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    /// So many rows of one table.
    pub fn of(table: &str, rows: u64) -> Self {
        let mut tally = Self::default();
        tally.add(table, rows);
        tally
    }

    /// Counts further rows.
    pub fn add(&mut self, table: &str, rows: u64) {
        if rows > 0 {
            *self.0.entry(table.to_owned()).or_default() += rows;
        }
    }

    /// Rows of one table.
    pub fn rows(&self, table: &str) -> u64 {
        self.0.get(table).copied().unwrap_or(0)
    }

    /// Whether nothing was deleted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a JSON object.
    pub fn to_json(&self) -> Value {
        json!(self.0)
    }

    /// From [`Tally::to_json`]; what cannot be read counts as nothing.
    pub(crate) fn from_json(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        for (table, rows) in &other.0 {
            self.add(table, *rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_adds_up_and_is_read_as_it_was_written() {
        let mut tally = Tally::of("commands", 2);
        tally += &Tally::of("commands", 3);
        tally.add("own_keys", 0);
        assert_eq!(tally.to_json().to_string(), r#"{"commands":5}"#);
        assert_eq!(Tally::from_json(r#"{"commands":5}"#), tally);
        assert!(Tally::from_json("nonsense").is_empty());
    }
}
