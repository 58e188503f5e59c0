//! Every risk assessment, whichever vendor made it: one list over `chainalysis_sanction_results`,
//! `chainalysis_kyt_results` and `refinitiv_wco_results`, newest first.
//!
//! Each table gives as many rows as are wanted by an index of its own that has the order, and the pages are merged here:
//! no database merges three ordered tables without reading all of them.

mod conditions;
mod list;
mod purge;

pub use list::{Assessment, HistoryCursor, HistoryFilter, find, list};
pub use purge::{Deleted, delete_of_verification, purge_orphans};
