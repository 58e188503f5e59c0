//! A KYT result and its alerts, key for key and in the order of the interface's example.

use serde::Serialize;
use waybill_domain::{
    AlertLevel, Direction, ExposureType, KytApiType, ScreeningStatus, Timestamp, VaspId, iso_time,
};
use waybill_store::tables::kyt_alerts::KytAlert;
use waybill_store::tables::kyt_results::KytRow;

/// `chainalysisKYT`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainalysisKyt {
    request_id: String,
    counterparty_vasp_id: VaspId,
    api_type: KytApiType,
    user_id: String,
    direction: Direction,
    network: Option<String>,
    asset: String,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    usd_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer_ref: Option<String>,
    output_address: Option<String>,
    #[serde(with = "iso_time::option")]
    timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    status: ScreeningStatus,
    /// `null` until the result is there: not known is not none.
    alert_count: Option<u32>,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
    #[serde(with = "iso_time::option", skip_serializing_if = "Option::is_none")]
    assessed_at: Option<Timestamp>,
    /// Of an `ERROR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// One of `chainalysisKYTAlerts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainalysisKytAlert {
    counterparty_vasp_id: VaspId,
    external_id: String,
    direction: Direction,
    alert_id: String,
    alert_level: AlertLevel,
    entity_category: Option<String>,
    service_name: Option<String>,
    exposure_type: ExposureType,
    alert_amount: String,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
}

impl ChainalysisKyt {
    /// A request and the alerts of what it asked about, which are shown with a result only.
    pub fn of(row: KytRow, alerts: Vec<KytAlert>) -> (Self, Vec<ChainalysisKytAlert>) {
        let is_there = row.status == ScreeningStatus::Processed;
        let alerts = if is_there { alerts } else { Vec::new() };
        // Of an alert that came later under the same id of the vendor's, the row may not know yet.
        let listed = u32::try_from(alerts.len()).unwrap_or(u32::MAX);
        let alert_count = row.alert_count.filter(|_| is_there).map(|count| count.max(listed));
        let alerts = alerts.into_iter().map(|alert| ChainalysisKytAlert::of(alert, &row)).collect();
        (Self::without_alerts(row, alert_count), alerts)
    }

    fn without_alerts(row: KytRow, alert_count: Option<u32>) -> Self {
        Self {
            request_id: row.request_id,
            counterparty_vasp_id: row.counterparty_vasp_id,
            api_type: row.api_type,
            user_id: row.user_id,
            direction: row.direction,
            network: row.network,
            asset: row.asset,
            amount: row.amount,
            usd_price: row.usd_price,
            transfer_ref: row.transfer_ref,
            output_address: row.output_address,
            timestamp: row.timestamp,
            external_id: row.external_id,
            status: row.status,
            alert_count,
            created_at: row.created_at,
            assessed_at: row.assessed_at,
            reason: row.reason,
        }
    }
}

impl ChainalysisKytAlert {
    fn of(alert: KytAlert, row: &KytRow) -> Self {
        Self {
            counterparty_vasp_id: row.counterparty_vasp_id,
            external_id: alert.external_id,
            direction: row.direction,
            alert_id: alert.alert_id,
            alert_level: alert.alert_level,
            entity_category: alert.entity_category,
            service_name: alert.service_name,
            exposure_type: alert.exposure_type,
            alert_amount: alert.alert_amount,
            created_at: alert.created_at,
        }
    }
}

/// Shows no address.
impl std::fmt::Debug for ChainalysisKyt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChainalysisKyt").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}
