//! A request whose persons are all screened.

use std::cmp::Reverse;

use waybill_domain::{ScreeningStatus, ScreeningVendor};
use waybill_runtime::failpoint;
use waybill_store::tables::commands;
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results::{self, Screened};
use waybill_vault::ScreeningColumn;

use super::held::Held;
use crate::cases::Stopped;
use crate::service::Wco;

impl Wco {
    /// Stores the result and the callback about it. The case with the strongest match speaks for all.
    ///
    /// # Errors
    /// [`Stopped`].
    pub(crate) async fn finish(&self, held: &Held, cases: &[WcoCase]) -> Result<(), Stopped> {
        let screened = self.screened(held, cases)?;
        let work = (held.clone(), cases.to_vec(), screened, self.callback(held));
        failpoint("wco.screened");
        let write = self.ctx.store.write("wco::finish", work, |tx, (held, cases, screened, callback)| {
            Box::pin(async move {
                wco_results::screened(tx, &held.request_id, &held.worker, screened).await?;
                for case in cases {
                    wco_cases::update(tx, case, screened.at).await?;
                }
                commands::insert(tx, callback).await
            })
        });
        write.await?;
        failpoint("wco.finished");
        let (vendor, status) = (ScreeningVendor::RefinitivWco, ScreeningStatus::Processed);
        waybill_metrics::screening_ended(vendor.as_str(), status.as_str());
        Ok(())
    }

    fn screened(&self, held: &Held, cases: &[WcoCase]) -> Result<Screened, Stopped> {
        let strongest =
            cases.iter().max_by_key(|case| (case.match_strength, case.total_matches, Reverse(case.person)));
        let vault = &self.ctx.vault;
        let summary = strongest.and_then(|case| Some((case, case.summary_sealed.as_deref()?)));
        let summary = summary.map(|(case, sealed)| {
            let text = vault.open_screening(ScreeningColumn::CaseSummary, &case.case_id, sealed)?;
            Ok::<_, Stopped>(vault.seal_screening(ScreeningColumn::Summary, &held.request_id, &text))
        });
        Ok(Screened {
            case_system_id: strongest.and_then(|case| case.case_system_id.clone()).unwrap_or_default(),
            summary_sealed: summary.transpose()?,
            match_strength: strongest.and_then(|case| case.match_strength),
            total_matches: cases.iter().filter_map(|case| case.total_matches).fold(0, u32::saturating_add),
            assessed_at: cases.iter().filter_map(|case| case.assessed_at).max(),
            at: self.ctx.clock.now(),
        })
    }
}
