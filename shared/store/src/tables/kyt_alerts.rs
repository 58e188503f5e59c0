//! Alerts of Chainalysis KYT: `chainalysis_kyt_alerts`. They belong to the vendor's id, which several requests can share.

use waybill_domain::{AlertLevel, ExposureType, Timestamp};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KytAlert {
    /// The vendor's id of what was assessed.
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

/// Stores an alert, or what has changed about one that is known; true when it is new.
///
/// # Errors
/// [`StoreError`].
pub async fn put(tx: &mut Tx, alert: &KytAlert) -> Result<bool, StoreError> {
    let is_new = tx
        .insert(
            "/* kyt_alerts::put */ INSERT INTO chainalysis_kyt_alerts (external_id, alert_id, alert_level,
               entity_category, service_name, exposure_type, alert_amount, created_at, updated_at)
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
        .await?;
    if !is_new {
        tx.execute(
            "/* kyt_alerts::update */ UPDATE chainalysis_kyt_alerts SET alert_level = ?, entity_category = ?,
               service_name = ?, exposure_type = ?, alert_amount = ?, updated_at = ?
             WHERE alert_id = ? AND external_id = ?",
            values![
                alert.alert_level.as_str(),
                &alert.entity_category,
                &alert.service_name,
                alert.exposure_type.as_str(),
                &alert.alert_amount,
                alert.created_at,
                &alert.alert_id,
                &alert.external_id,
            ],
        )
        .await?;
    }
    Ok(is_new)
}

/// The alerts of what was assessed, in the order in which they were first seen.
///
/// # Errors
/// [`StoreError`].
pub async fn of_external(tx: &mut Tx, external_id: &str) -> Result<Vec<KytAlert>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* kyt_alerts::of_external */ SELECT * FROM chainalysis_kyt_alerts WHERE external_id = ? ORDER BY id",
            values![external_id],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<KytAlert, StoreError> {
    Ok(KytAlert {
        external_id: row.text("external_id")?,
        alert_id: row.text("alert_id")?,
        alert_level: row.parsed("alert_level")?,
        entity_category: row.opt_text("entity_category")?,
        service_name: row.opt_text("service_name")?,
        exposure_type: row.parsed("exposure_type")?,
        alert_amount: row.text("alert_amount")?,
        created_at: row.time("created_at")?,
    })
}
