//! The loop.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use waybill_domain::ScreeningVendor;
use waybill_store::StoreError;
use waybill_store::tables::wco_results::{self, WcoRow};
use waybill_vendors::{Backlog, Poll, PollOptions, PollerHandle, Renewed, poll};

use crate::service::Wco;
use crate::settle::Held;

/// Rows that are worked on together: their cases fit into one question.
const CHUNK: usize = 20;

/// Starts it.
pub(crate) fn start_polling(renewed: &Renewed<Wco>) -> PollerHandle {
    let wco = renewed.get();
    let options = PollOptions {
        concurrency: wco.ctx.settings.refinitiv.concurrency,
        chunk: CHUNK,
        lease: wco.pacing.lease,
        look_every: wco.pacing.look_every,
    };
    let polled = Arc::new(Due(renewed.clone()));
    poll(&wco.ctx, ScreeningVendor::RefinitivWco.as_str(), polled, options)
}

/// Requests that are due.
struct Due(Renewed<Wco>);

#[async_trait]
impl Poll for Due {
    type Row = WcoRow;

    async fn claim(&self, worker: &str, lease: Duration, limit: u32) -> Result<Vec<WcoRow>, StoreError> {
        let wco = self.0.get();
        let claim = wco.ctx.store.write(
            "wco_results::claim",
            (worker.to_owned(), lease, limit),
            |tx, (worker, lease, limit)| Box::pin(wco_results::claim(tx, worker, *lease, *limit, None)),
        );
        claim.await
    }

    async fn work(&self, worker: &str, rows: Vec<WcoRow>) {
        self.0.get().work_on(worker, rows).await;
    }

    async fn room(&self) -> u32 {
        let wco = self.0.get();
        if wco.is_refused() { 0 } else { wco.api.vendor().room() }
    }

    async fn give_back(&self, worker: &str, rows: Vec<WcoRow>) {
        let wco = self.0.get();
        for row in rows {
            let given_back = wco.give_back(&Held::of(&row, worker), Duration::ZERO).await;
            wco.note(&row.request_id, given_back);
        }
    }

    async fn backlog(&self) -> Result<Option<Backlog>, StoreError> {
        let wco = self.0.get();
        let read = wco.ctx.store.read("wco_results::due", (), |tx, ()| Box::pin(wco_results::due(tx)));
        let (due, overdue) = read.await?;
        Ok(Some(Backlog { due: due.into(), overdue }))
    }
}
