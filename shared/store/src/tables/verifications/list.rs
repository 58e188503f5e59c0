//! Listing verifications, newest first.

use waybill_domain::{Role, Timestamp, VaspId, VerificationResult};

use super::VerificationRow;
use super::conditions::{Alternatives, NEWEST_FIRST};
use crate::sql::Value;
use crate::{StoreError, Tx};

/// Matches are counted up to here: counting millions of rows on every page would make a long history slow.
pub const COUNT_LIMIT: u32 = 10_000;

/// Which verifications are wanted; all conditions hold together.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Created at this time or later.
    pub from: Option<Timestamp>,
    /// Created before this time.
    pub before: Option<Timestamp>,
    /// Exactly this symbol.
    pub symbol: Option<String>,
    /// Exactly this network.
    pub network: Option<String>,
    /// This transaction hash, however it is spelled.
    pub tx_hash: Option<String>,
    /// One of these results.
    pub results: Vec<VerificationResult>,
    /// The VASP `own` has this role.
    pub role: Option<Role>,
    /// The other side is this VASP.
    pub opposite: Option<VaspId>,
    /// Exactly this account of the originator.
    pub originator_account_number: Option<String>,
    /// Exactly this account of the beneficiary.
    pub beneficiary_account_number: Option<String>,
}

/// Where in the list a page ended; stays valid while rows are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Creation time of the last row.
    pub created_at: Timestamp,
    /// Its number.
    pub id: i64,
}

/// Which part of the list is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Page {
    /// Rows from this offset on.
    Offset(u32),
    /// Rows after this one.
    After(Cursor),
}

/// The verifications that match, newest first, `limit` at the most. `own` is the VASP whose node this is.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    tx: &mut Tx,
    own: VaspId,
    filter: &ListFilter,
    page: Page,
    limit: u32,
) -> Result<Vec<VerificationRow>, StoreError> {
    let (cursor, offset) = match page {
        Page::Offset(rows) => (None, rows),
        Page::After(cursor) => (Some(cursor), 0),
    };
    let newest = u64::from(limit) + u64::from(offset);
    let (wanted, mut values) = Alternatives::of(own, filter, cursor).select_newest(tx.dialect(), newest);
    let statement = format!("/* verifications::list */ {wanted} {NEWEST_FIRST} LIMIT ? OFFSET ?");
    values.extend([Value::from(limit), Value::from(offset)]);
    let rows = tx.fetch_built("/* verifications::list */", statement, &values).await?;
    rows.iter().map(VerificationRow::read).collect()
}

/// How many verifications match, counted up to [`COUNT_LIMIT`].
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, own: VaspId, filter: &ListFilter) -> Result<u32, StoreError> {
    let wanted = Alternatives::of(own, filter, None);
    let statement = format!(
        "/* verifications::count */ SELECT COUNT(*) AS matches FROM ({} LIMIT ?) AS counted",
        wanted.select("1")
    );
    let values = wanted.values_and([Value::from(COUNT_LIMIT)]);
    let rows = tx.fetch_built("/* verifications::count */", statement, &values).await?;
    rows.first().map_or(Ok(0), |row| row.count("matches"))
}
