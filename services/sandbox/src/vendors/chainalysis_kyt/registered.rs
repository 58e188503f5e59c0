//! All that was registered.

use super::record::Record;
use crate::vendors::bounded::Bounded;

/// Transfers and attempts by external id.
#[derive(Default)]
pub(in crate::vendors) struct Registered(Bounded<Record>);

impl Registered {
    pub(super) fn get(&self, external_id: &str) -> Option<&Record> {
        self.0.get(external_id)
    }

    /// The same content again finds what was registered first.
    pub(super) fn add(&mut self, record: Record) -> &Record {
        let id = record.external_id.clone();
        self.0.get_or_insert_with(&id, || record)
    }

    /// Oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.0.iter().map(|(_, record)| record)
    }
}
