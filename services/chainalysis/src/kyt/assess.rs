//! The vendor's result: its alerts are read only after it said that it has one.

use waybill_runtime::failpoint;
use waybill_store::StoreError;

use super::error::KytError;
use super::look::Look;
use super::wire::{Alert, Summary, read_alerts};
use crate::reason::Reason;

/// A result, complete.
pub(super) struct Found {
    pub summary: Summary,
    pub alerts: Vec<Alert>,
}

impl Look<'_> {
    /// Asks how far the vendor has come, and stores its result when it has one. The inner error is the vendor's.
    pub(super) async fn assess(&self, external_id: &str) -> Result<Result<(), KytError>, StoreError> {
        match self.ask(external_id).await {
            Err(error) => Ok(Err(error)),
            Ok(None) => self.not_yet().await.map(Ok),
            Ok(Some(Err(reason))) => self.end(reason).await.map(Ok),
            Ok(Some(Ok(found))) => {
                failpoint("kyt.assessed");
                self.store_result(&found).await.map(Ok)
            }
        }
    }

    /// The result; none while there is none; why it cannot be kept.
    ///
    /// Alerts may change while they are read: then they are read once more.
    pub(super) async fn ask(&self, external_id: &str) -> Result<Option<Result<Found, Reason>>, KytError> {
        let client = &self.kyt.client;
        let mut summary = client.summary(self.row, external_id).await?;
        self.kyt.gate.open();
        if summary.updated_at.is_none() {
            return Ok(None);
        }
        let mut alerts = client.alerts(self.row, external_id).await?;
        let after = client.summary(self.row, external_id).await?;
        if after.updated_at != summary.updated_at {
            alerts = client.alerts(self.row, external_id).await?;
            summary = after;
        }
        if summary.updated_at.is_none() {
            return Ok(None); // the vendor began anew
        }
        let mut alerts = match read_alerts(alerts) {
            Ok(alerts) => alerts,
            Err(reason) => return Ok(Some(Err(reason))),
        };
        self.kyt.categories.join(client, &mut alerts).await;
        Ok(Some(Ok(Found { summary, alerts })))
    }
}
