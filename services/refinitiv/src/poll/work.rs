//! Rows that were claimed together.

use waybill_domain::ScreeningStatus;
use waybill_store::StoreError;
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results::WcoRow;

use crate::api::ScreeningAsked;
use crate::cases::{Stopped, is_unregistered};
use crate::service::Wco;
use crate::settle::{End, Held};

/// One request with its cases.
pub(super) struct Work {
    pub held: Held,
    pub cases: Vec<WcoCase>,
}

impl Wco {
    /// Brings each of them as far as it goes now. Whatever fails concerns no other.
    pub(super) async fn work_on(&self, worker: &str, rows: Vec<WcoRow>) {
        let mut looked_at = Vec::with_capacity(rows.len());
        for row in rows {
            let held = Held::of(&row, worker);
            match self.prepare(&held, row.registered_at.is_some()).await {
                Ok(Some(cases)) => looked_at.push(Work { held, cases }),
                Ok(None) => {}
                Err(error) => self.note(&held.request_id, Err(error)),
            }
        }
        if !looked_at.is_empty() {
            self.look(looked_at).await;
        }
    }

    /// The cases of a request, when they are registered. What is not is registered now, and looked at another time.
    async fn prepare(&self, held: &Held, was_registered: bool) -> Result<Option<Vec<WcoCase>>, StoreError> {
        let mut cases = self.cases(&held.request_id).await?;
        self.follow(&mut cases).await?;
        if was_registered && !cases.iter().any(is_unregistered) {
            return Ok(Some(cases));
        }
        if self.is_refused() {
            self.give_back(held, self.pacing.refused).await?;
            return Ok(None);
        }
        match self.register(&held.worker, &mut cases, self.unhurried()).await {
            Ok(()) => self.registered(held, &cases).await?,
            Err(Stopped::Store(error)) => return Err(error),
            Err(stopped) => self.stopped(held, &cases, stopped).await?,
        }
        Ok(None)
    }

    async fn cases(&self, request_id: &str) -> Result<Vec<WcoCase>, StoreError> {
        let read = self.ctx.store.read("wco_cases::of_request", request_id.to_owned(), |tx, id| {
            Box::pin(wco_cases::of_request(tx, id))
        });
        read.await
    }

    /// Asks how far the vendor is with all of them, and settles each.
    async fn look(&self, mut works: Vec<Work>) {
        let asked: Vec<ScreeningAsked> =
            works.iter().flat_map(|work| &work.cases).filter_map(asked).collect();
        let standings = self.standings(&asked).await;
        for work in &mut works {
            let progressed = self.progress(work, &standings).await;
            let settled = match progressed {
                Ok(()) => self.settle(work).await,
                Err(stopped) => self.stopped(&work.held, &work.cases, stopped).await,
            };
            self.note(&work.held.request_id, settled);
        }
    }

    async fn settle(&self, work: &Work) -> Result<(), StoreError> {
        let Work { held, cases } = work;
        if let Some(reason) = cases.iter().find_map(|case| case.reason.as_deref()) {
            return self.fail(held, cases, End::told(reason)).await;
        }
        if !cases.iter().all(|case| case.status == ScreeningStatus::Processed) {
            return self.look_later(held, cases).await;
        }
        match self.finish(held, cases).await {
            Ok(()) => Ok(()),
            Err(stopped) => self.stopped(held, cases, stopped).await,
        }
    }

    /// Says what went wrong with our own database. A lease that was lost is nothing: somebody else goes on.
    pub(crate) fn note(&self, request_id: &str, outcome: Result<(), StoreError>) {
        match outcome {
            Ok(()) => {}
            Err(StoreError::GuardLost(_)) => tracing::debug!(request_id, "somebody else works on it"),
            Err(error) => tracing::error!(%error, request_id, "a risk assessment could not be stored"),
        }
    }
}

/// What is asked about a case that the vendor screens for us.
fn asked(case: &WcoCase) -> Option<ScreeningAsked> {
    if case.status != ScreeningStatus::Checking || case.shares_case.is_some() {
        return None;
    }
    let (case_system_id, since) = (case.case_system_id.clone()?, case.screening_requested_at?);
    Some(ScreeningAsked { case_system_id, since })
}
