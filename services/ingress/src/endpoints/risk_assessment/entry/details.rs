//! What belongs to the risk assessments of one page: read in one statement for each kind, not in one for each of them.

use std::collections::HashMap;

use waybill_store::tables::history::Assessment;
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::{StoreError, Tx};

/// Alerts and cases, by the request id they belong to.
#[derive(Default)]
pub(in crate::endpoints::risk_assessment) struct Details {
    alerts: HashMap<String, Vec<KytAlert>>,
    cases: HashMap<String, Vec<WcoCase>>,
}

impl Details {
    pub(in crate::endpoints::risk_assessment) async fn load(
        tx: &mut Tx,
        of: &[Assessment],
    ) -> Result<Self, StoreError> {
        let (mut kyt, mut wco) = (Vec::new(), Vec::new());
        for assessment in of {
            match assessment {
                Assessment::Sanction(_) => {}
                Assessment::Kyt(row) => kyt.push(row.request_id.clone()),
                Assessment::Wco(row) => wco.push(row.request_id.clone()),
            }
        }
        let mut details = Self::default();
        for (request_id, alert) in kyt_alerts::of_results(tx, &kyt).await? {
            details.alerts.entry(request_id).or_default().push(alert);
        }
        for case in wco_cases::of_requests(tx, &wco).await? {
            details.cases.entry(case.request_id.clone()).or_default().push(case);
        }
        Ok(details)
    }

    pub(super) fn alerts_of(&mut self, request_id: &str) -> Vec<KytAlert> {
        self.alerts.remove(request_id).unwrap_or_default()
    }

    pub(super) fn cases_of(&mut self, request_id: &str) -> Vec<WcoCase> {
        self.cases.remove(request_id).unwrap_or_default()
    }
}
