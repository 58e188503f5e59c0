//! Which risk assessments are wanted.

use waybill_domain::{Fault, Timestamp, parse_time};
use waybill_store::tables::history::HistoryFilter;

use crate::endpoints::risk_assessment::entry::describe::statuses;
use crate::reading::Query;

/// Reads the filters; they all hold together.
pub(super) fn read(query: &Query) -> Result<HistoryFilter, Fault> {
    Ok(HistoryFilter {
        verification_uuid: query.parsed("verificationUuid")?,
        vendor: query.parsed("vendor")?,
        direction: query.parsed("direction")?,
        status: status(query)?,
        counterparty: query.parsed("counterpartyVaspId")?,
        from: time(query, "from")?,
        before: time(query, "to")?,
    })
}

fn status(query: &Query) -> Result<Option<String>, Fault> {
    let Some(text) = query.get("status") else { return Ok(None) };
    let known = statuses().contains(&text);
    if known { Ok(Some(text.to_owned())) } else { Err(Fault::invalid("status")) }
}

fn time(query: &Query, name: &str) -> Result<Option<Timestamp>, Fault> {
    query.get(name).map(|text| parse_time(text).map_err(|_| Fault::invalid(name))).transpose()
}
