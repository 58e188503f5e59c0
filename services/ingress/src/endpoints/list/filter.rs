//! Which verifications are wanted.

use chrono::{Datelike, NaiveDate, NaiveTime};
use waybill_domain::{Fault, Role, Timestamp, limits, text_enum};
use waybill_store::tables::verifications::ListFilter;

use crate::reading::Query;

text_enum! {
    /// The direction of a transfer, seen from us.
    pub enum ActionType {
        /// We are the originator.
        Send = "SEND",
        /// We are the beneficiary.
        Receive = "RECEIVE",
    }
}

/// Reads the filters; they all hold together.
pub(super) fn read(query: &Query) -> Result<ListFilter, Fault> {
    let from = day(query, "fromDate")?;
    let last_day = day(query, "toDate")?;
    Ok(ListFilter {
        from: from.map(midnight),
        before: last_day.and_then(day_after).map(midnight),
        symbol: query.text("symbol", limits::SYMBOL)?,
        network: query.text("network", limits::NETWORK)?,
        tx_hash: query.text("txHash", limits::TX_HASH)?,
        results: query.parsed("result")?.into_iter().collect(),
        role: query.parsed("actionType")?.map(|action| match action {
            ActionType::Send => Role::Originator,
            ActionType::Receive => Role::Beneficiary,
        }),
        opposite: query.parsed("oppositeVaspId")?,
        originator_account_number: account(query, "originatorAccountNumber", "fromAccount")?,
        beneficiary_account_number: account(query, "beneficiaryAccountNumber", "toAccount")?,
    })
}

/// An account number, also under the older name of the filter.
fn account(query: &Query, name: &str, older: &str) -> Result<Option<String>, Fault> {
    let (found, older) =
        (query.text(name, limits::ACCOUNT_NUMBER)?, query.text(older, limits::ACCOUNT_NUMBER)?);
    Ok(found.or(older))
}

/// A day in UTC, written `YYYY-MM-DD` and not otherwise; the years that every database holds.
fn day(query: &Query, name: &str) -> Result<Option<NaiveDate>, Fault> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let exact = day.filter(|day| day.to_string() == text && text >= "1000");
    exact.map(Some).ok_or_else(|| Fault::invalid(name))
}

/// None after the last day that a four-digit year can name: nothing lies beyond it.
fn day_after(day: NaiveDate) -> Option<NaiveDate> {
    day.succ_opt().filter(|next| next.year() <= 9999)
}

fn midnight(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::MIN).and_utc()
}
