//! Listing verifications, newest first.

use waybill_domain::{Role, Timestamp, VaspId, VerificationResult};

use super::{VerificationRow, searchable_hash};
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
    let mut conditions = Conditions::of(own, filter);
    let mut offset = 0;
    match page {
        Page::Offset(rows) => offset = rows,
        Page::After(cursor) => conditions.add(
            "(created_at, verification_id) < (?, ?)",
            [Value::from(cursor.created_at), Value::from(cursor.id)],
        ),
    }
    conditions.values.extend([Value::from(limit), Value::from(offset)]);
    let statement = format!(
        "/* verifications::list */ SELECT * FROM verifications{}
         ORDER BY created_at DESC, verification_id DESC LIMIT ? OFFSET ?",
        conditions.clause()
    );
    let rows = tx.fetch_built("/* verifications::list */", statement, &conditions.values).await?;
    rows.iter().map(VerificationRow::read).collect()
}

/// How many verifications match, counted up to [`COUNT_LIMIT`].
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, own: VaspId, filter: &ListFilter) -> Result<u32, StoreError> {
    let mut conditions = Conditions::of(own, filter);
    conditions.values.push(Value::from(COUNT_LIMIT));
    let statement = format!(
        "/* verifications::count */ SELECT COUNT(*) AS matches FROM (SELECT 1 FROM verifications{} LIMIT ?) AS counted",
        conditions.clause()
    );
    let rows = tx.fetch_built("/* verifications::count */", statement, &conditions.values).await?;
    rows.first().map_or(Ok(0), |row| row.count("matches"))
}

struct Conditions<'a> {
    texts: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Conditions<'a> {
    fn of(own: VaspId, filter: &'a ListFilter) -> Self {
        let mut all = Self { texts: Vec::new(), values: Vec::new() };
        all.equal("created_at >= ?", filter.from);
        all.equal("created_at < ?", filter.before);
        all.equal("symbol = ?", filter.symbol.as_ref());
        all.equal("network = ?", filter.network.as_ref());
        all.equal("tx_hash_search = ?", filter.tx_hash.as_deref().map(searchable_hash));
        all.results(&filter.results);
        all.sides(own, filter.role, filter.opposite);
        all.equal("originator_account_number = ?", filter.originator_account_number.as_ref());
        all.equal("beneficiary_account_number = ?", filter.beneficiary_account_number.as_ref());
        all
    }

    fn add(&mut self, text: impl Into<String>, values: impl IntoIterator<Item = Value<'a>>) {
        self.texts.push(text.into());
        self.values.extend(values);
    }

    fn equal<T>(&mut self, text: &str, value: Option<T>)
    where
        Value<'a>: From<T>,
    {
        if let Some(value) = value {
            self.add(text, [Value::from(value)]);
        }
    }

    fn results(&mut self, results: &'a [VerificationResult]) {
        if !results.is_empty() {
            let marks = vec!["?"; results.len()].join(", ");
            self.add(
                format!("result IN ({marks})"),
                results.iter().map(|result| Value::from(result.as_str())),
            );
        }
    }

    fn sides(&mut self, own: VaspId, role: Option<Role>, opposite: Option<VaspId>) {
        match (role, opposite) {
            (None, None) => {}
            (Some(Role::Originator), opposite) => {
                self.equal("originating_vasp_id = ?", Some(own));
                self.equal("beneficiary_vasp_id = ?", opposite);
            }
            (Some(Role::Beneficiary), opposite) => {
                self.equal("beneficiary_vasp_id = ?", Some(own));
                self.equal("originating_vasp_id = ?", opposite);
            }
            (None, Some(opposite)) => self.add(
                "((originating_vasp_id = ? AND beneficiary_vasp_id = ?)
                  OR (originating_vasp_id = ? AND beneficiary_vasp_id = ?))",
                [own, opposite, opposite, own].map(Value::from),
            ),
        }
    }

    fn clause(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!(" WHERE {}", self.texts.join(" AND ")) }
    }
}
