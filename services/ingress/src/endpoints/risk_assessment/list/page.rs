//! Which page of the list is wanted.

use waybill_domain::Fault;
use waybill_store::tables::history::HistoryCursor;
use waybill_vault::Vault;

use super::cursor;
use crate::reading::Query;

pub(super) const DEFAULT_LIMIT: u32 = 10;
pub(super) const MAX_LIMIT: u32 = 100;

/// A part of the list.
pub(super) struct PageRequest {
    /// Risk assessments per page.
    pub(super) limit: u32,
    /// Where the page before ended.
    pub(super) after: Option<HistoryCursor>,
}

/// Reads `limit` and `cursor`.
pub(super) fn read(query: &Query, vault: &Vault) -> Result<PageRequest, Fault> {
    let limit = query.parsed("limit")?.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Fault::invalid_because("limit", "It is a number from 1 to 100."));
    }
    let read = |text| cursor::read(text, vault).ok_or_else(|| Fault::invalid("cursor"));
    Ok(PageRequest { limit, after: query.get("cursor").map(read).transpose()? })
}
