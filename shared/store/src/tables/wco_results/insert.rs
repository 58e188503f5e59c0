//! Taking a World-Check request on, before the vendor is asked.

use std::time::Duration;

use waybill_domain::{Direction, ScreeningOrigin, Timestamp, VaspId, VerificationUuid};

use crate::sql::values;
use crate::{StoreError, Tx};

/// A request whose cases are to be opened.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of WcoRow, which says what they mean")]
pub struct NewWco {
    pub request_id: String,
    pub verification_uuid: VerificationUuid,
    pub counterparty_vasp_id: VaspId,
    pub direction: Direction,
    pub key_id: Option<String>,
    pub origin: ScreeningOrigin,
    pub traceparent: Option<String>,
    pub created_at: Timestamp,
    /// Who registers it now, and for how long nobody else takes it up; none: it is due at once.
    pub lease: Option<(String, Duration)>,
}

/// Stores a request as `REGISTERED`; false when its request id is known already. Its cases are stored with
/// [`wco_cases::insert`](super::super::wco_cases::insert), in the same transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, new: &NewWco) -> Result<bool, StoreError> {
    let (worker, length) = new.lease.clone().unzip();
    tx.insert(
        "/* wco_results::insert */ INSERT INTO refinitiv_wco_results (request_id, verification_uuid,
           counterparty_vasp_id, direction, case_system_id, status, worker_id, key_id, origin, traceparent, created_at,
           updated_at, due_at)
         VALUES (?, ?, ?, ?, '', 'REGISTERED', ?, ?, ?, ?, ?, ?, {now+ms}) {unless there}",
        values![
            &new.request_id,
            new.verification_uuid,
            new.counterparty_vasp_id,
            new.direction.as_str(),
            worker,
            &new.key_id,
            new.origin.as_str(),
            &new.traceparent,
            new.created_at,
            new.created_at,
            length.unwrap_or_default(),
        ],
    )
    .await
}
