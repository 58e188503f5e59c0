//! Deleting risk assessments: with their verification, or after it.

use std::collections::BTreeSet;

use waybill_domain::{Timestamp, VerificationUuid};

use crate::sql::values;
use crate::tables::kyt_alerts;
use crate::{StoreError, Tx};

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Look-ups in the lists of sanctions.
    pub sanction_results: u64,
    /// KYT requests.
    pub kyt_results: u64,
    /// Alerts that no request is left for.
    pub kyt_alerts: u64,
    /// World-Check requests.
    pub wco_results: u64,
    /// Their cases.
    pub wco_cases: u64,
}

impl Deleted {
    /// Rows by table.
    pub const fn by_table(&self) -> [(&'static str, u64); 5] {
        [
            ("chainalysis_sanction_results", self.sanction_results),
            ("chainalysis_kyt_results", self.kyt_results),
            ("chainalysis_kyt_alerts", self.kyt_alerts),
            ("refinitiv_wco_results", self.wco_results),
            ("refinitiv_wco_cases", self.wco_cases),
        ]
    }

    fn add(&mut self, other: &Self) {
        self.sanction_results += other.sanction_results;
        self.kyt_results += other.kyt_results;
        self.kyt_alerts += other.kyt_alerts;
        self.wco_results += other.wco_results;
        self.wco_cases += other.wco_cases;
    }
}

/// Deletes what was asked about a verification and is finished, with the alerts that no other request has.
///
/// # Errors
/// [`StoreError::GuardLost`] when something is not finished: somebody added it just now, and whoever deletes the
/// verification must think again.
pub async fn delete_of_verification(tx: &mut Tx, uuid: VerificationUuid) -> Result<Deleted, StoreError> {
    let deleted = delete_finished(tx, uuid).await?;
    for left in [
        "/* history::left_of_kyt */ SELECT 1 AS found FROM chainalysis_kyt_results WHERE verification_uuid = ? LIMIT 1",
        "/* history::left_of_wco */ SELECT 1 AS found FROM refinitiv_wco_results WHERE verification_uuid = ? LIMIT 1",
    ] {
        if tx.fetch_optional(left, values![uuid]).await?.is_some() {
            tx.note_lost_guard();
            return Err(StoreError::GuardLost("a risk assessment is not finished"));
        }
    }
    Ok(deleted)
}

/// Deletes what was asked for before `before`, is finished, and whose verification is gone: somebody asked while it was
/// being deleted. Looks at `limit` rows of each table at the most. Also gives whether there may be more.
///
/// # Errors
/// [`StoreError`].
pub async fn purge_orphans(
    tx: &mut Tx,
    before: Timestamp,
    limit: u32,
) -> Result<(Deleted, bool), StoreError> {
    let (mut uuids, mut more) = (BTreeSet::new(), false);
    for orphans in [
        "/* history::orphans_of_sanction */ SELECT r.verification_uuid FROM chainalysis_sanction_results AS r
         WHERE r.created_at < ? AND NOT EXISTS
           (SELECT 1 FROM verifications AS v WHERE v.verification_uuid = r.verification_uuid)
         ORDER BY r.created_at, r.request_id LIMIT ?",
        "/* history::orphans_of_kyt */ SELECT r.verification_uuid FROM chainalysis_kyt_results AS r
         WHERE r.created_at < ? AND r.due_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM verifications AS v WHERE v.verification_uuid = r.verification_uuid)
         ORDER BY r.created_at, r.request_id LIMIT ?",
        "/* history::orphans_of_wco */ SELECT r.verification_uuid FROM refinitiv_wco_results AS r
         WHERE r.created_at < ? AND r.due_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM verifications AS v WHERE v.verification_uuid = r.verification_uuid)
         ORDER BY r.created_at, r.request_id LIMIT ?",
    ] {
        let rows = tx.fetch_all(orphans, values![before, limit]).await?;
        more |= u64::try_from(rows.len()).is_ok_and(|found| found >= u64::from(limit));
        for row in rows {
            uuids.insert(row.parsed::<VerificationUuid>("verification_uuid")?);
        }
    }
    let mut deleted = Deleted::default();
    for uuid in uuids {
        deleted.add(&delete_finished(tx, uuid).await?);
    }
    Ok((deleted, more))
}

async fn delete_finished(tx: &mut Tx, uuid: VerificationUuid) -> Result<Deleted, StoreError> {
    let registrations = registrations(tx, uuid).await?;
    let mut deleted = Deleted {
        sanction_results: tx
            .execute(
                "/* history::delete_sanction */ DELETE FROM chainalysis_sanction_results WHERE verification_uuid = ?",
                values![uuid],
            )
            .await?,
        kyt_results: tx
            .execute(
                "/* history::delete_kyt */ DELETE FROM chainalysis_kyt_results
                 WHERE verification_uuid = ? AND due_at IS NULL",
                values![uuid],
            )
            .await?,
        wco_cases: tx
            .execute(
                "/* history::delete_cases */ DELETE FROM refinitiv_wco_cases WHERE request_id IN
                   (SELECT r.request_id FROM refinitiv_wco_results AS r
                    WHERE r.verification_uuid = ? AND r.due_at IS NULL)",
                values![uuid],
            )
            .await?,
        wco_results: tx
            .execute(
                "/* history::delete_wco */ DELETE FROM refinitiv_wco_results
                 WHERE verification_uuid = ? AND due_at IS NULL",
                values![uuid],
            )
            .await?,
        kyt_alerts: 0,
    };
    for external_id in registrations {
        deleted.kyt_alerts += kyt_alerts::delete_unshared(tx, &external_id).await?;
    }
    Ok(deleted)
}

/// The vendor's ids of a verification's KYT requests.
async fn registrations(tx: &mut Tx, uuid: VerificationUuid) -> Result<BTreeSet<String>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* history::registrations */ SELECT external_id FROM chainalysis_kyt_results
             WHERE verification_uuid = ? AND external_id IS NOT NULL",
            values![uuid],
        )
        .await?;
    rows.iter().map(|row| row.text("external_id")).collect()
}
