//! `/v1/risk-assessment/…`: who is on the other side of a transfer? The services of the vendors keep what they are asked and
//! what they say; here they are asked, and their rows are shown.

mod ask;
pub(crate) mod chainalysis_kyt;
pub(crate) mod chainalysis_sanction;
mod entry;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod refinitiv_wco;
#[cfg(test)]
mod testing;
