//! The poller: works on rows that are due, in any number of processes.

use std::str::FromStr as _;
use std::time::Duration;

use async_trait::async_trait;
use tracing::Instrument as _;
use waybill_runtime::Traceparent;
use waybill_store::StoreError;
use waybill_store::tables::kyt_results::{self, KytRow};
use waybill_vendors::{Backlog, Poll, Renewed};

use super::look::Look;
use super::service::Kyt;

/// Calls that a look has usually: summary, alerts, summary again.
const CALLS_OF_A_LOOK: u32 = 3;

/// Looks at rows.
pub(super) struct Looker(pub Renewed<Kyt>);

#[async_trait]
impl Poll for Looker {
    type Row = KytRow;

    async fn claim(&self, worker: &str, lease: Duration, limit: u32) -> Result<Vec<KytRow>, StoreError> {
        let kyt = self.0.get();
        let arguments = (worker.to_owned(), lease, limit);
        let claim = kyt.ctx.store.write("kyt::claim", arguments, |tx, (worker, lease, limit)| {
            Box::pin(kyt_results::claim(tx, worker, *lease, *limit, None))
        });
        claim.await
    }

    async fn work(&self, worker: &str, rows: Vec<KytRow>) {
        let kyt = self.0.get();
        for row in &rows {
            let look = Look { kyt: &kyt, worker, row };
            let trace = row.traceparent.as_deref().and_then(|trace| Traceparent::from_str(trace).ok());
            let trace = trace
                .map_or_else(|| Traceparent::start(&*kyt.ctx.entropy), |cause| cause.next(&*kyt.ctx.entropy));
            let span = tracing::info_span!("kyt", request_id = row.request_id, traceparent = %trace);
            let looked = trace.scope(Box::pin(look.take())).instrument(span).await;
            match looked {
                Ok(()) => {}
                // Another worker has it: this one was too slow.
                Err(StoreError::GuardLost(_)) => {
                    tracing::info!(request_id = row.request_id, "a lease was lost")
                }
                Err(error) => tracing::error!(%error, request_id = row.request_id, "a look was not stored"),
            }
        }
    }

    async fn room(&self) -> u32 {
        let kyt = self.0.get();
        let calls = kyt.client.room();
        // One call is left for when the vendor is to be tried.
        let rows = if calls == 0 { 0 } else { (calls / CALLS_OF_A_LOOK).max(1) };
        kyt.gate.admits(rows)
    }

    async fn backlog(&self) -> Result<Option<Backlog>, StoreError> {
        let kyt = self.0.get();
        let due = kyt.ctx.store.read("kyt::due", (), |tx, ()| Box::pin(kyt_results::due(tx)));
        let (due, overdue) = due.await?;
        Ok(Some(Backlog { due: u64::from(due), overdue }))
    }

    async fn give_back(&self, worker: &str, rows: Vec<KytRow>) {
        let kyt = self.0.get();
        for row in rows {
            let arguments = (row.request_id, worker.to_owned(), row.failing_since);
            let back = kyt.ctx.store.write("kyt::give_back", arguments, |tx, (request_id, worker, since)| {
                Box::pin(kyt_results::released(tx, request_id, worker, Duration::ZERO, *since))
            });
            if let Err(error) = back.await {
                tracing::debug!(%error, "a row waits for the end of its lease");
            }
        }
    }
}
