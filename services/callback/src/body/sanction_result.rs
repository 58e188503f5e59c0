//! `CHAINALYSIS_SANCTION_RESULT`: what an automatic look into the sanctions lists found.

use serde::Serialize;
use waybill_context::ChainalysisSanction;
use waybill_store::tables::sanction_results::SanctionResult;

use super::RiskAssessmentData;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RiskAssessment {
    chainalysis_sanction: ChainalysisSanction,
}

pub(super) fn data(row: SanctionResult) -> RiskAssessmentData<RiskAssessment> {
    RiskAssessmentData {
        verification_uuid: row.verification_uuid,
        risk_assessment: RiskAssessment { chainalysis_sanction: row.into() },
    }
}
