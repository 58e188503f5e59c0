//! Alerts of Chainalysis KYT: `chainalysis_kyt_alerts`. They belong to the vendor's id of what was assessed, which several
//! requests can share.
//!
//! An alert has one row, with the id under which it was seen first. `kyt_alert_sightings` says under which ids it was seen,
//! so that each registration reports all its alerts, whatever the vendor does with ids.

use waybill_domain::{AlertLevel, ExposureType, Timestamp};

use crate::sql::{Row, listed, listed_texts, values};
use crate::{StoreError, Tx};

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KytAlert {
    /// The vendor's id of what was assessed: the one that was asked for, where the alert has several.
    pub external_id: String,
    /// The vendor's id of the alert.
    pub alert_id: String,
    /// How bad it is.
    pub alert_level: AlertLevel,
    /// Kind of entity, the vendor's word; 256 characters at most.
    pub entity_category: Option<String>,
    /// Name of the service, where it is known; 256 characters at most.
    pub service_name: Option<String>,
    /// How the funds touch it.
    pub exposure_type: ExposureType,
    /// US dollars, decimal text.
    pub alert_amount: String,
    /// When it was first seen here.
    pub created_at: Timestamp,
}

/// How often to look again where somebody deletes the alert just now.
const ATTEMPTS: u32 = 3;

/// Stores an alert, or what has changed about one that is known; true when it is new to its external id.
///
/// # Errors
/// [`StoreError`].
pub async fn put(tx: &mut Tx, alert: &KytAlert) -> Result<bool, StoreError> {
    for _ in 0..ATTEMPTS {
        if insert(tx, alert).await? || update(tx, alert).await? {
            return see(tx, alert).await;
        }
    }
    Err(StoreError::GuardLost("alert_id"))
}

async fn insert(tx: &mut Tx, alert: &KytAlert) -> Result<bool, StoreError> {
    tx.insert(
        "/* kyt_alerts::put */ INSERT INTO chainalysis_kyt_alerts (external_id, alert_id, alert_level, entity_category,
           service_name, exposure_type, alert_amount, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) {unless there}",
        values![
            &alert.external_id,
            &alert.alert_id,
            alert.alert_level.as_str(),
            &alert.entity_category,
            &alert.service_name,
            alert.exposure_type.as_str(),
            &alert.alert_amount,
            alert.created_at,
            alert.created_at,
        ],
    )
    .await
}

async fn update(tx: &mut Tx, alert: &KytAlert) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "/* kyt_alerts::update */ UPDATE chainalysis_kyt_alerts SET alert_level = ?, entity_category = ?,
               service_name = ?, exposure_type = ?, alert_amount = ?, updated_at = ? WHERE alert_id = ?",
            values![
                alert.alert_level.as_str(),
                &alert.entity_category,
                &alert.service_name,
                alert.exposure_type.as_str(),
                &alert.alert_amount,
                alert.created_at,
                &alert.alert_id,
            ],
        )
        .await?;
    Ok(changed == 1)
}

async fn see(tx: &mut Tx, alert: &KytAlert) -> Result<bool, StoreError> {
    tx.insert(
        "/* kyt_alerts::see */ INSERT INTO kyt_alert_sightings (external_id, alert_id) VALUES (?, ?) {unless there}",
        values![&alert.external_id, &alert.alert_id],
    )
    .await
}

/// The alerts of what was assessed, in the order in which they were first seen.
///
/// # Errors
/// [`StoreError`].
pub async fn of_external(tx: &mut Tx, external_id: &str) -> Result<Vec<KytAlert>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* kyt_alerts::of_external */ SELECT a.*, s.external_id AS seen_under FROM kyt_alert_sightings AS s
             JOIN chainalysis_kyt_alerts AS a ON a.alert_id = s.alert_id WHERE s.external_id = ? ORDER BY s.id",
            values![external_id],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The alerts of a request, in the order in which they were first seen.
///
/// # Errors
/// [`StoreError`].
pub async fn of_result(tx: &mut Tx, request_id: &str) -> Result<Vec<KytAlert>, StoreError> {
    let alerts = of_results(tx, &[request_id.to_owned()]).await?;
    Ok(alerts.into_iter().map(|(_, alert)| alert).collect())
}

/// The alerts of several requests, each with the id of its request; those of one request in the order in which they were
/// first seen.
///
/// # Errors
/// [`StoreError`].
pub async fn of_results(tx: &mut Tx, request_ids: &[String]) -> Result<Vec<(String, KytAlert)>, StoreError> {
    let Some((marks, ids)) = listed_texts(request_ids) else { return Ok(Vec::new()) };
    let statement = format!(
        "/* kyt_alerts::of_results */ SELECT a.*, s.external_id AS seen_under, r.request_id AS of_request
         FROM chainalysis_kyt_results AS r JOIN kyt_alert_sightings AS s ON s.external_id = r.external_id
         JOIN chainalysis_kyt_alerts AS a ON a.alert_id = s.alert_id
         WHERE r.request_id IN ({marks}) ORDER BY r.request_id, s.id"
    );
    let rows = tx.fetch_built("/* kyt_alerts::of_results */", statement, &ids).await?;
    rows.iter().map(|row| Ok((row.text("of_request")?, read(row)?))).collect()
}

/// Forgets under which id alerts were seen that no request is left for, and the alerts that nobody else has; gives how
/// many alerts went.
pub(super) async fn delete_unshared(tx: &mut Tx, external_id: &str) -> Result<u64, StoreError> {
    let still_used = tx
        .fetch_optional(
            "/* kyt_alerts::still_used */ SELECT 1 AS found FROM chainalysis_kyt_results WHERE external_id = ? LIMIT 1",
            values![external_id],
        )
        .await?;
    if still_used.is_some() {
        return Ok(0);
    }
    // Held, so that whoever stores one of them under another id just now has done so before it is asked who else has it.
    let held = tx
        .fetch_all(
            "/* kyt_alerts::hold */ SELECT id FROM chainalysis_kyt_alerts WHERE alert_id IN
               (SELECT s.alert_id FROM kyt_alert_sightings AS s WHERE s.external_id = ?) ORDER BY id {for update}",
            values![external_id],
        )
        .await?;
    tx.execute(
        "/* kyt_alerts::forget_sightings */ DELETE FROM kyt_alert_sightings WHERE external_id = ?",
        values![external_id],
    )
    .await?;
    let ids = held.iter().map(|row| row.int("id")).collect::<Result<Vec<_>, _>>()?;
    let Some((marks, ids)) = listed(&ids) else { return Ok(0) };
    let statement = format!(
        "/* kyt_alerts::delete_unshared */ DELETE FROM chainalysis_kyt_alerts WHERE id IN ({marks}) AND NOT EXISTS
           (SELECT 1 FROM kyt_alert_sightings AS s WHERE s.alert_id = chainalysis_kyt_alerts.alert_id)"
    );
    tx.execute_built("/* kyt_alerts::delete_unshared */", statement, &ids).await
}

fn read(row: &Row) -> Result<KytAlert, StoreError> {
    Ok(KytAlert {
        external_id: row.text("seen_under")?,
        alert_id: row.text("alert_id")?,
        alert_level: row.parsed("alert_level")?,
        entity_category: row.opt_text("entity_category")?,
        service_name: row.opt_text("service_name")?,
        exposure_type: row.parsed("exposure_type")?,
        alert_amount: row.text("alert_amount")?,
        created_at: row.time("created_at")?,
    })
}
