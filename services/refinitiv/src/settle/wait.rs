//! A request that goes on later.

use std::time::Duration;

use waybill_domain::Timestamp;
use waybill_store::StoreError;
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results;
use waybill_vendors::next_look;

use super::held::Held;
use crate::service::Wco;

impl Wco {
    /// The vendor has taken all cases on. Where it has nothing to do, because others' cases are used, their results may be
    /// there already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn registered(&self, held: &Held, cases: &[WcoCase]) -> Result<(), StoreError> {
        let shares_all = cases.iter().all(|case| case.shares_case.is_some());
        let next = if shares_all { Duration::ZERO } else { self.next_look(0) };
        let id = cases.iter().find_map(|case| case.case_system_id.clone()).unwrap_or_default();
        let work = (held.clone(), id, self.ctx.clock.now(), next);
        let write = self.ctx.store.write("wco::registered", work, |tx, (held, id, now, next)| {
            Box::pin(wco_results::registered(tx, &held.request_id, &held.worker, id, *now, *next))
        });
        write.await
    }

    /// Not screened yet. What was learnt of single cases is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn look_later(&self, held: &Held, cases: &[WcoCase]) -> Result<(), StoreError> {
        let next = self.next_look(held.attempts);
        let work = (held.clone(), cases.to_vec(), self.ctx.clock.now(), next);
        let write = self.ctx.store.write("wco::look_later", work, |tx, (held, cases, now, next)| {
            Box::pin(async move {
                wco_results::later(tx, &held.request_id, &held.worker, *next, None).await?;
                for case in cases {
                    wco_cases::update(tx, case, *now).await?;
                }
                Ok(())
            })
        });
        write.await
    }

    /// The vendor gave no answer.
    pub(super) async fn ask_later(
        &self,
        held: &Held,
        after: Duration,
        failing_since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let work = (held.clone(), after, failing_since);
        let write = self.ctx.store.write("wco::ask_later", work, |tx, (held, after, failing_since)| {
            Box::pin(wco_results::later(tx, &held.request_id, &held.worker, *after, *failing_since))
        });
        write.await
    }

    /// The vendor was not asked.
    pub(crate) async fn give_back(&self, held: &Held, after: Duration) -> Result<(), StoreError> {
        let work = (held.clone(), after);
        let write = self.ctx.store.write("wco::give_back", work, |tx, (held, after)| {
            let since = held.failing_since;
            Box::pin(wco_results::released(tx, &held.request_id, &held.worker, *after, since))
        });
        write.await
    }

    fn next_look(&self, looks: u32) -> Duration {
        next_look(looks, &self.pacing.looks, &*self.ctx.entropy)
    }
}
