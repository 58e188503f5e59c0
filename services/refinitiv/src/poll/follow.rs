//! Cases that use another case's screening.

use waybill_domain::ScreeningStatus;
use waybill_store::StoreError;
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_vault::ScreeningColumn;

use crate::service::Wco;

impl Wco {
    /// Takes over what is known of the cases that these use. One whose other case came to nothing gets a case of its own.
    pub(super) async fn follow(&self, cases: &mut [WcoCase]) -> Result<(), StoreError> {
        for case in cases.iter_mut().filter(|case| !case.status.is_final()) {
            let Some(leader) = case.shares_case.clone() else { continue };
            let read =
                self.ctx.store.read("wco_cases::find", leader, |tx, id| Box::pin(wco_cases::find(tx, id)));
            match read.await? {
                Some(leader) if leader.status != ScreeningStatus::Error => self.take_over(case, &leader),
                _ => {
                    (case.shares_case, case.case_system_id, case.screening_requested_at) = (None, None, None);
                    case.status = ScreeningStatus::Registered;
                }
            }
        }
        Ok(())
    }

    fn take_over(&self, case: &mut WcoCase, leader: &WcoCase) {
        case.case_system_id.clone_from(&leader.case_system_id);
        case.screening_requested_at = leader.screening_requested_at;
        if leader.status != ScreeningStatus::Processed {
            return;
        }
        let vault = &self.ctx.vault;
        let moved = leader.summary_sealed.as_deref().map(|sealed| {
            let text = vault.open_screening(ScreeningColumn::CaseSummary, &leader.case_id, sealed)?;
            Ok(vault.seal_screening(ScreeningColumn::CaseSummary, &case.case_id, &text))
        });
        match moved.transpose() {
            Ok(summary) => case.summary_sealed = summary,
            Err::<_, waybill_vault::VaultError>(error) => {
                tracing::error!(alarm = "sealed-value", %error, "is its key missing from the keyring?");
                return; // another time
            }
        }
        case.status = ScreeningStatus::Processed;
        case.match_strength = leader.match_strength;
        case.total_matches = leader.total_matches;
        case.assessed_at = leader.assessed_at;
    }
}
