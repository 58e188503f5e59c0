//! A request that ends without a result.

use waybill_domain::{ScreeningStatus, ScreeningVendor, Timestamp};
use waybill_jobs::KeepAnswer;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::{idempotency, wco_results};

use super::held::Held;
use crate::service::Wco;

/// The vendor knows the case and does not screen it.
pub(crate) const NOT_SCREENED_IN_TIME: &str = "NOT-SCREENED-IN-TIME";
/// The vendor was away for longer than `refinitiv.error_after`.
pub(super) const VENDOR_UNAVAILABLE: &str = "VENDOR-UNAVAILABLE";
/// The vendor answers, and for the whole of `refinitiv.deadline` not with anything that could be read.
pub(super) const UNUSABLE_ANSWER: &str = "UNUSABLE-ANSWER";
/// No screening was left for it within `refinitiv.deadline`.
pub(super) const NO_SCREENING_LEFT: &str = "NO-SCREENING-LEFT";

/// How it ends.
pub(crate) struct End {
    /// A code, at most 64 characters.
    pub reason: String,
    /// Whether our backend is told by callback; not where it gets an answer that says so.
    pub told: bool,
    /// The kept answer that is to be forgotten: the request may be made anew under its key.
    pub forget: Option<KeepAnswer>,
}

impl End {
    /// With a callback.
    pub fn told(reason: &str) -> Self {
        Self { reason: reason.to_owned(), told: true, forget: None }
    }
}

#[derive(Clone)]
struct Work {
    held: Held,
    cases: Vec<WcoCase>,
    reason: String,
    callback: Option<NewCommand>,
    forget: Option<KeepAnswer>,
    at: Timestamp,
}

impl Wco {
    /// Ends it as `ERROR`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn fail(&self, held: &Held, cases: &[WcoCase], end: End) -> Result<(), StoreError> {
        let End { reason, told, forget } = end;
        tracing::warn!(request_id = held.request_id, reason, "World-Check gave no result");
        let mut cases = cases.to_vec();
        cases.retain(|case| case.status != ScreeningStatus::Processed);
        for case in &mut cases {
            case.status = ScreeningStatus::Error;
            case.reason.get_or_insert_with(|| reason.clone());
        }
        let callback = told.then(|| self.callback(held));
        let work = Work { held: held.clone(), cases, reason, callback, forget, at: self.ctx.clock.now() };
        let write = self.ctx.store.write("wco::fail", work, |tx, work| {
            Box::pin(async move {
                let Held { request_id, worker, .. } = &work.held;
                wco_results::failed(tx, request_id, worker, &work.reason, work.at).await?;
                for case in &work.cases {
                    wco_cases::update(tx, case, work.at).await?;
                }
                if let Some(KeepAnswer { scope, key, .. }) = &work.forget {
                    idempotency::forget(tx, scope, key).await?;
                }
                match &work.callback {
                    Some(callback) => commands::insert(tx, callback).await,
                    None => Ok(()),
                }
            })
        });
        write.await?;
        let (vendor, status) = (ScreeningVendor::RefinitivWco, ScreeningStatus::Error);
        waybill_metrics::screening_ended(vendor.as_str(), status.as_str());
        Ok(())
    }
}
