//! Alerts that come after the result: the vendor learns more of an address, and what was clean is so no longer.

use std::time::Duration;

use waybill_domain::Timestamp;
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results;
use waybill_store::{StoreError, Tx};
use waybill_vendors::{AfterFailure, Failure, STEPS, VendorError, after_failure};

use super::assess::Found;
use super::error::KytError;
use super::look::Look;
use super::record::{put_all, rows};
use crate::reason::Reason;

/// A look that leads to nothing so often, which is in a day, is left out.
const MOST_ATTEMPTS: u32 = 300;

/// A later look, as it is stored.
struct Later {
    request_id: String,
    worker: String,
    external_id: String,
    alerts: Vec<KytAlert>,
    alert_count: u32,
    assessed_at: Option<Timestamp>,
    at: Timestamp,
    updated_at: Timestamp,
    next: Option<Duration>,
    callback: NewCommand,
}

impl Look<'_> {
    /// Looks whether there is more than there was, and tells our backend when there is.
    pub(super) async fn look_again(&self, external_id: &str) -> Result<(), StoreError> {
        match self.ask(external_id).await {
            Ok(Some(Ok(found))) => self.store_later(&found).await,
            Ok(Some(Err(reason))) => self.unclear(reason).await,
            Ok(None) => self.later(self.next(self.row.attempts), None).await,
            Err(error) => self.failed_again(&error).await,
        }
    }

    async fn store_later(&self, found: &Found) -> Result<(), StoreError> {
        let (summary, at) = (&found.summary, self.kyt.now());
        let later = Later {
            request_id: self.row.request_id.clone(),
            worker: self.worker.to_owned(),
            external_id: summary.external_id.clone(),
            alerts: rows(&found.alerts, &summary.external_id, at),
            alert_count: self.row.alert_count.unwrap_or_default(),
            assessed_at: summary.updated_at,
            at,
            updated_at: self.row.updated_at,
            next: self.late_check(self.row.late_checks + 1),
            callback: self.callback(),
        };
        let write =
            self.kyt.ctx.store.write("kyt::looked_again", later, |tx, later| Box::pin(add(tx, later)));
        let more: u32 = write.await?;
        if more > 0 {
            tracing::info!(request_id = self.row.request_id, more, "there are further alerts");
        }
        Ok(())
    }

    /// There is something, and it cannot be kept: said aloud, because the result that is known may be too good.
    async fn unclear(&self, reason: Reason) -> Result<(), StoreError> {
        let request_id = &self.row.request_id;
        tracing::error!(alarm = "screening", request_id, %reason, "a later answer of the vendor cannot be kept");
        self.skip().await
    }

    async fn failed_again(&self, error: &KytError) -> Result<(), StoreError> {
        let error = match error {
            KytError::Vendor(VendorError::NoTurn { .. }) => return self.failed(error).await,
            KytError::Vendor(error) => error,
            KytError::Denied(_) => return self.failed_by_key().await,
            KytError::NotFound | KytError::Refused(_) | KytError::AnotherRegistration => {
                return self.unclear(Reason::NotFound).await;
            }
        };
        let failure = Failure {
            error,
            looks: self.row.attempts,
            failing_since: self.row.failing_since,
            now: self.kyt.now(),
            error_after: self.kyt.ctx.settings.chainalysis.kyt_error_after,
        };
        match after_failure(&failure, &STEPS, &*self.kyt.ctx.entropy) {
            AfterFailure::Again { after, failing_since } if self.row.attempts < MOST_ATTEMPTS => {
                self.later(after, failing_since).await
            }
            _ => self.skip().await,
        }
    }

    async fn failed_by_key(&self) -> Result<(), StoreError> {
        self.kyt.gate.close();
        tracing::error!(alarm = "screening", vendor = super::client::NAME, "the vendor refuses our key");
        if self.row.attempts < MOST_ATTEMPTS {
            self.later(super::gate::CLOSED_FOR + self.next(0), self.row.failing_since).await
        } else {
            self.skip().await
        }
    }

    /// Leaves this look out; the next one is made.
    async fn skip(&self) -> Result<(), StoreError> {
        let row = self.row;
        let count = row.alert_count.unwrap_or_default();
        let next = self.late_check(row.late_checks + 1);
        let arguments = (row.request_id.clone(), self.worker.to_owned(), count, row.updated_at, next);
        let write = self.kyt.ctx.store.write("kyt::skipped", arguments, |tx, arguments| {
            Box::pin(async move {
                let (request_id, worker, count, at, next) = arguments;
                kyt_results::looked_again(tx, request_id, worker, *count, None, *at, *next).await
            })
        });
        write.await
    }
}

/// Adds what is new, and the callback when there is something new; gives how many alerts more there are.
///
/// Whether something is new is told by the count that this request knows: another request with the same registration may
/// have stored the alerts before.
async fn add(tx: &mut Tx, later: &Later) -> Result<u32, StoreError> {
    let before = kyt_alerts::of_external(tx, &later.external_id).await?;
    let count = put_all(tx, &later.external_id, &later.alerts).await?;
    let is_graver = |alert: &KytAlert| {
        let known = before.iter().find(|known| known.alert_id == alert.alert_id);
        known.is_some_and(|known| known.alert_level != alert.alert_level)
    };
    let more = count.saturating_sub(later.alert_count);
    let is_news = more > 0 || later.alerts.iter().any(is_graver);
    let (assessed_at, at) = if is_news { (later.assessed_at, later.at) } else { (None, later.updated_at) };
    kyt_results::looked_again(tx, &later.request_id, &later.worker, count, assessed_at, at, later.next)
        .await?;
    if is_news {
        commands::insert(tx, &later.callback).await?;
    }
    Ok(more)
}
