//! What a callback is about, as the tables have it now.

use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, KytRow};
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::verifications::{self, VerificationRow};
use waybill_store::tables::wco_results::{self, WcoRow};
use waybill_store::{StoreError, Tx};

use super::Unrenderable;

/// The row that a callback shows, of whichever table; none when it is gone.
pub(crate) enum Subject {
    Gone,
    Verification(VerificationRow),
    Sanction(SanctionResult),
    Kyt(KytRow, Vec<KytAlert>),
    Wco(WcoRow),
}

impl Subject {
    pub(crate) async fn load(tx: &mut Tx, command: &DeliverCallback) -> Result<Self, StoreError> {
        // A risk assessment is always named; what names none shows none.
        let request_id = command.request_id.as_deref().unwrap_or_default();
        let found = match command.callback_type {
            CallbackType::VerificationResult | CallbackType::TxReport | CallbackType::ErrorReport => {
                verifications::find(tx, command.verification_uuid).await?.map(Self::Verification)
            }
            CallbackType::ChainalysisSanctionResult => {
                sanction_results::find(tx, request_id).await?.map(Self::Sanction)
            }
            CallbackType::ChainalysisKytResult => match kyt_results::find(tx, request_id).await? {
                Some(row) => {
                    let alerts = match &row.external_id {
                        Some(external_id) => kyt_alerts::of_external(tx, external_id).await?,
                        None => Vec::new(),
                    };
                    Some(Self::Kyt(row, alerts))
                }
                None => None,
            },
            CallbackType::RefinitivWcoResult => wco_results::find(tx, request_id).await?.map(Self::Wco),
        };
        Ok(found.unwrap_or(Self::Gone))
    }

    pub(super) fn verification(self) -> Result<VerificationRow, Unrenderable> {
        if let Self::Verification(row) = self { Ok(row) } else { Err(Unrenderable::NoVerification) }
    }

    pub(super) fn sanction(self) -> Result<SanctionResult, Unrenderable> {
        if let Self::Sanction(row) = self { Ok(row) } else { Err(Unrenderable::NoAssessment) }
    }

    pub(super) fn kyt(self) -> Result<(KytRow, Vec<KytAlert>), Unrenderable> {
        if let Self::Kyt(row, alerts) = self { Ok((row, alerts)) } else { Err(Unrenderable::NoAssessment) }
    }

    pub(super) fn wco(self) -> Result<WcoRow, Unrenderable> {
        if let Self::Wco(row) = self { Ok(row) } else { Err(Unrenderable::NoAssessment) }
    }
}
