//! What ends a row, with the callback that tells of it: one transaction, guarded by the worker's lease.

use std::time::Duration;

use waybill_domain::Timestamp;
use waybill_jobs::CallbackType;
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, Assessed};
use waybill_store::{StoreError, Tx};

use super::assess::Found;
use super::client::NAME;
use super::look::Look;
use super::wire::Alert;
use crate::callback::callback;
use crate::reason::Reason;

/// A result as it is stored.
struct Ending {
    request_id: String,
    worker: String,
    external_id: String,
    assessed: Assessed,
    alerts: Vec<KytAlert>,
    callback: NewCommand,
}

impl Look<'_> {
    /// Stores the result, and tells our backend.
    pub(super) async fn store_result(&self, found: &Found) -> Result<(), StoreError> {
        let (summary, at) = (&found.summary, self.kyt.now());
        let assessed = Assessed {
            network: summary.network.clone(),
            asset: summary.asset.clone(),
            amount: self.row.transfer_ref.as_ref().and(summary.amount.clone()),
            usd_price: summary.usd_price.clone(),
            output_address: summary.address.clone(),
            timestamp: summary.timestamp.filter(|_| self.row.transfer_ref.is_some()),
            alert_count: 0, // counted in the transaction
            assessed_at: summary.updated_at,
            at,
            look_again: self.late_check(0),
        };
        let ending = Ending {
            request_id: self.row.request_id.clone(),
            worker: self.worker.to_owned(),
            external_id: summary.external_id.clone(),
            assessed,
            alerts: rows(&found.alerts, &summary.external_id, at),
            callback: self.callback(),
        };
        let write =
            self.kyt.ctx.store.write("kyt::processed", ending, |tx, ending| Box::pin(process(tx, ending)));
        write.await.inspect(|()| waybill_metrics::screening_ended(NAME, "PROCESSED"))
    }

    /// Ends the row without a result, and tells our backend. A row that has its result stays as it is.
    pub(super) async fn end(&self, reason: Reason) -> Result<(), StoreError> {
        tracing::warn!(request_id = self.row.request_id, %reason, "a risk assessment ends without a result");
        let (request_id, worker) = (self.row.request_id.clone(), self.worker.to_owned());
        let arguments = (request_id, worker, reason, self.kyt.now(), self.callback());
        let write = self.kyt.ctx.store.write("kyt::failed", arguments, |tx, arguments| {
            Box::pin(async move {
                let (request_id, worker, reason, at, callback) = arguments;
                kyt_results::failed(tx, request_id, worker, reason.as_str(), *at).await?;
                commands::insert(tx, callback).await
            })
        });
        write.await.inspect(|()| waybill_metrics::screening_ended(NAME, "ERROR"))
    }

    /// After how long to look for further alerts for the next time, when `made` looks were made.
    pub(super) fn late_check(&self, made: u32) -> Option<Duration> {
        let checks = &self.kyt.ctx.settings.chainalysis.kyt_late_checks;
        let next = usize::try_from(made).ok()?;
        let before = next.checked_sub(1).and_then(|last| checks.get(last)).copied().unwrap_or_default();
        checks.get(next).map(|check| check.saturating_sub(before))
    }

    pub(super) fn callback(&self) -> NewCommand {
        let row = self.row;
        let kind = CallbackType::ChainalysisKytResult;
        callback(&self.kyt.ctx, kind, row.verification_uuid, &row.request_id, row.traceparent.clone())
    }
}

async fn process(tx: &mut Tx, ending: &Ending) -> Result<(), StoreError> {
    let alert_count = put_all(tx, &ending.external_id, &ending.alerts).await?;
    let assessed = Assessed { alert_count, ..ending.assessed.clone() };
    kyt_results::assessed(tx, &ending.request_id, &ending.worker, &assessed).await?;
    commands::insert(tx, &ending.callback).await
}

/// Stores alerts, and gives how many the registration has now.
pub(super) async fn put_all(tx: &mut Tx, external_id: &str, alerts: &[KytAlert]) -> Result<u32, StoreError> {
    for alert in alerts {
        kyt_alerts::put(tx, alert).await?;
    }
    let known = kyt_alerts::of_external(tx, external_id).await?;
    Ok(u32::try_from(known.len()).unwrap_or(u32::MAX))
}

/// Alerts as they are stored.
pub(super) fn rows(alerts: &[Alert], external_id: &str, at: Timestamp) -> Vec<KytAlert> {
    let row = |alert: &Alert| KytAlert {
        external_id: external_id.to_owned(),
        alert_id: alert.alert_id.clone(),
        alert_level: alert.level,
        entity_category: alert.category.clone(),
        service_name: alert.service.clone(),
        exposure_type: alert.exposure,
        alert_amount: alert.amount.clone(),
        created_at: at,
    };
    alerts.iter().map(row).collect()
}
