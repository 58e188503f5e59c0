//! Which page of the list is wanted.

use waybill_domain::Fault;
use waybill_store::tables::verifications::Page;
use waybill_vault::Vault;

use super::cursor;
use crate::reading::Query;

pub(super) const DEFAULT_RPP: u32 = 10;
pub(super) const MAX_RPP: u32 = 100;

/// A part of the list.
#[derive(Debug)]
pub(super) struct PageRequest {
    /// Number of the page, from 1.
    pub(super) number: u32,
    /// Records per page.
    pub(super) rpp: u32,
    /// Where it starts.
    pub(super) part: Page,
}

/// Reads `page`, `rpp` and `cursor`. A cursor goes before a page number.
pub(super) fn read(query: &Query, vault: &Vault) -> Result<PageRequest, Fault> {
    let number = query.parsed("page")?.unwrap_or(1);
    let rpp = query.parsed("rpp")?.unwrap_or(DEFAULT_RPP);
    if !(1..=MAX_RPP).contains(&rpp) {
        return Err(Fault::invalid_because("rpp", "It is a number from 1 to 100."));
    }
    let part = match query.get("cursor") {
        Some(text) => Page::After(cursor::read(text, vault).ok_or_else(|| Fault::invalid("cursor"))?),
        None => Page::Offset(offset(number, rpp).ok_or_else(|| Fault::invalid("page"))?),
    };
    Ok(PageRequest { number, rpp, part })
}

fn offset(page: u32, rpp: u32) -> Option<u32> {
    page.checked_sub(1)?.checked_mul(rpp)
}
