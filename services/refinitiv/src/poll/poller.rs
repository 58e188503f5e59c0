//! The loop.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use waybill_domain::ScreeningVendor;
use waybill_store::StoreError;
use waybill_store::tables::wco_results::{self, WcoRow};
use waybill_vendors::{Backlog, Poll, PollOptions, PollerHandle, poll};

use crate::service::Wco;
use crate::settle::Held;

/// Rows that are worked on together: their cases fit into one question.
const CHUNK: usize = 20;

/// Starts it.
pub(crate) fn start_polling(wco: &Arc<Wco>) -> PollerHandle {
    let options = PollOptions {
        concurrency: wco.ctx.settings.refinitiv.concurrency,
        chunk: CHUNK,
        lease: wco.pacing.lease,
        look_every: wco.pacing.look_every,
    };
    let polled = Arc::new(Due(Arc::clone(wco)));
    poll(&wco.ctx, ScreeningVendor::RefinitivWco.as_str(), polled, options)
}

/// Requests that are due.
struct Due(Arc<Wco>);

#[async_trait]
impl Poll for Due {
    type Row = WcoRow;

    async fn claim(&self, worker: &str, lease: Duration, limit: u32) -> Result<Vec<WcoRow>, StoreError> {
        let claim = self.0.ctx.store.write(
            "wco_results::claim",
            (worker.to_owned(), lease, limit),
            |tx, (worker, lease, limit)| Box::pin(wco_results::claim(tx, worker, *lease, *limit, None)),
        );
        claim.await
    }

    async fn work(&self, worker: &str, rows: Vec<WcoRow>) {
        self.0.work_on(worker, rows).await;
    }

    async fn room(&self) -> u32 {
        if self.0.is_refused() { 0 } else { self.0.api.vendor().room() }
    }

    async fn give_back(&self, worker: &str, rows: Vec<WcoRow>) {
        for row in rows {
            let given_back = self.0.give_back(&Held::of(&row, worker), Duration::ZERO).await;
            self.0.note(&row.request_id, given_back);
        }
    }

    async fn backlog(&self) -> Result<Option<Backlog>, StoreError> {
        let read = self.0.ctx.store.read("wco_results::due", (), |tx, ()| Box::pin(wco_results::due(tx)));
        let (due, overdue) = read.await?;
        Ok(Some(Backlog { due: due.into(), overdue }))
    }
}
