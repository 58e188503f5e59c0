//! What sanctions lists said of addresses: `chainalysis_sanction_results`. A row is written when the answer is known.

use waybill_domain::{Direction, SanctionStatus, ScreeningOrigin, Timestamp, VaspId, VerificationUuid};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// One look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SanctionResult {
    /// Names it.
    pub request_id: String,
    /// The verification it was made for.
    pub verification_uuid: VerificationUuid,
    /// The other side of the transfer.
    pub counterparty_vasp_id: VaspId,
    /// Which way the assets go.
    pub direction: Direction,
    /// The address that was looked up.
    pub address: String,
    /// What was found.
    pub status: SanctionStatus,
    /// Of a hit: the name on the list, 1024 characters at most.
    pub ofac_name: Option<String>,
    /// Of a hit: more about it, 4096 characters at most.
    pub ofac_description: Option<String>,
    /// Of a hit: where to read about it, 1024 characters at most.
    pub ofac_url: Option<String>,
    /// Why it is `ERROR`, a code.
    pub reason: Option<String>,
    /// Names the key that was used.
    pub key_id: Option<String>,
    /// Who wanted it.
    pub origin: ScreeningOrigin,
    /// The request whose answer of the vendor this one repeats.
    pub shares_request: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Stores a look-up; false when its request id is known already.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, new: &SanctionResult) -> Result<bool, StoreError> {
    tx.insert(
        "/* sanction_results::insert */ INSERT INTO chainalysis_sanction_results (request_id, verification_uuid,
           counterparty_vasp_id, direction, address, status, ofac_name, ofac_description, ofac_url, reason, key_id,
           origin, shares_request, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {unless there}",
        values![
            &new.request_id,
            new.verification_uuid,
            new.counterparty_vasp_id,
            new.direction.as_str(),
            &new.address,
            new.status.as_str(),
            &new.ofac_name,
            &new.ofac_description,
            &new.ofac_url,
            &new.reason,
            &new.key_id,
            new.origin.as_str(),
            &new.shares_request,
            new.created_at,
            new.created_at,
        ],
    )
    .await
}

/// The look-up with a request id.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, request_id: &str) -> Result<Option<SanctionResult>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* sanction_results::find */ SELECT * FROM chainalysis_sanction_results WHERE request_id = ?",
            values![request_id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest answer of the vendor itself about an address that is not older than `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn recent(
    tx: &mut Tx,
    address: &str,
    since: Timestamp,
) -> Result<Option<SanctionResult>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* sanction_results::recent */ SELECT * FROM chainalysis_sanction_results
             WHERE address = ? AND created_at >= ? AND status IN ('NOHIT', 'SANCTION') AND shares_request IS NULL
             ORDER BY created_at DESC LIMIT 1",
            values![address, since],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(super) fn read(row: &Row) -> Result<SanctionResult, StoreError> {
    Ok(SanctionResult {
        request_id: row.text("request_id")?,
        verification_uuid: row.parsed("verification_uuid")?,
        counterparty_vasp_id: row.vasp_id("counterparty_vasp_id")?,
        direction: row.parsed("direction")?,
        address: row.text("address")?,
        status: row.parsed("status")?,
        ofac_name: row.opt_text("ofac_name")?,
        ofac_description: row.opt_text("ofac_description")?,
        ofac_url: row.opt_text("ofac_url")?,
        reason: row.opt_text("reason")?,
        key_id: row.opt_text("key_id")?,
        origin: row.parsed("origin")?,
        shares_request: row.opt_text("shares_request")?,
        created_at: row.time("created_at")?,
    })
}
