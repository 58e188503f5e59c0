//! Taking a KYT request on, before the vendor is asked.

use std::time::Duration;

use waybill_domain::{Direction, KytApiType, ScreeningOrigin, Timestamp, VaspId, VerificationUuid};

use super::KytRow;
use crate::sql::values;
use crate::{StoreError, Tx};

/// A request that is to be registered with the vendor.
#[derive(Clone)]
#[expect(missing_docs, reason = "the fields are those of KytRow, which says what they mean")]
pub struct NewKyt {
    pub request_id: String,
    pub verification_uuid: VerificationUuid,
    pub counterparty_vasp_id: VaspId,
    pub api_type: KytApiType,
    pub user_id: String,
    pub direction: Direction,
    pub network: Option<String>,
    pub asset: String,
    pub amount: String,
    pub transfer_ref: Option<String>,
    pub output_address: Option<String>,
    pub address: String,
    pub timestamp: Option<Timestamp>,
    pub key_id: Option<String>,
    pub origin: ScreeningOrigin,
    /// Known already when the registration of another request is used.
    pub external_id: Option<String>,
    pub registered_at: Option<Timestamp>,
    pub shares_request: Option<String>,
    pub traceparent: Option<String>,
    pub created_at: Timestamp,
    /// Who registers it now, and for how long nobody else takes it up; none: it is due at once.
    pub lease: Option<(String, Duration)>,
}

/// Stores a request as `REGISTERED`; false when its request id is known already.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, new: &NewKyt) -> Result<bool, StoreError> {
    let (worker, length) = new.lease.clone().unzip();
    tx.insert(
        "/* kyt_results::insert */ INSERT INTO chainalysis_kyt_results (request_id, verification_uuid,
           counterparty_vasp_id, api_type, user_id, direction, network, asset, amount, transfer_ref, output_address,
           address, timestamp, external_id, registered_at, status, worker_id, key_id, origin, shares_request,
           traceparent, created_at, updated_at, due_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'REGISTERED', ?, ?, ?, ?, ?, ?, ?, {now+ms}) {unless there}",
        values![
            &new.request_id,
            new.verification_uuid,
            new.counterparty_vasp_id,
            new.api_type.as_str(),
            &new.user_id,
            new.direction.as_str(),
            &new.network,
            &new.asset,
            &new.amount,
            &new.transfer_ref,
            &new.output_address,
            &new.address,
            new.timestamp,
            &new.external_id,
            new.registered_at,
            worker,
            &new.key_id,
            new.origin.as_str(),
            &new.shares_request,
            &new.traceparent,
            new.created_at,
            new.created_at,
            length.unwrap_or_default(),
        ],
    )
    .await
}

/// The newest registration of the same content, not older than `since`, that a new request may use in place of one of its
/// own.
///
/// # Errors
/// [`StoreError`].
pub async fn sharable(tx: &mut Tx, new: &NewKyt, since: Timestamp) -> Result<Option<KytRow>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* kyt_results::sharable */ SELECT * FROM chainalysis_kyt_results
             WHERE address = ? AND created_at >= ? AND api_type = ? AND user_id = ? AND direction = ? AND asset = ?
               AND amount = ? AND status <> 'ERROR' AND shares_request IS NULL AND registered_at IS NOT NULL
             ORDER BY created_at DESC LIMIT 20",
            values![
                &new.address,
                since,
                new.api_type.as_str(),
                &new.user_id,
                new.direction.as_str(),
                &new.asset,
                &new.amount
            ],
        )
        .await?;
    let rows = rows.iter().map(KytRow::read).collect::<Result<Vec<_>, _>>()?;
    let same_network = |row: &KytRow| match (&row.network, &new.network) {
        (Some(theirs), Some(ours)) => theirs.eq_ignore_ascii_case(ours),
        (theirs, ours) => theirs == ours,
    };
    Ok(rows.into_iter().find(|row| row.transfer_ref == new.transfer_ref && same_network(row)))
}
