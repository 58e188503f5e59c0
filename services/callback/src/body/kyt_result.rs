//! `CHAINALYSIS_KYT_RESULT`: a KYT result, or its end without one.

use serde::Serialize;
use waybill_context::{ChainalysisKyt, ChainalysisKytAlert};
use waybill_store::tables::kyt_alerts::KytAlert;
use waybill_store::tables::kyt_results::KytRow;

use super::RiskAssessmentData;

#[derive(Serialize)]
pub(super) struct RiskAssessment {
    #[serde(rename = "chainalysisKYT")]
    chainalysis_kyt: ChainalysisKyt,
    #[serde(rename = "chainalysisKYTAlerts", skip_serializing_if = "Vec::is_empty")]
    chainalysis_kyt_alerts: Vec<ChainalysisKytAlert>,
}

pub(super) fn data(row: KytRow, alerts: Vec<KytAlert>) -> RiskAssessmentData<RiskAssessment> {
    let verification_uuid = row.verification_uuid;
    let (chainalysis_kyt, chainalysis_kyt_alerts) = ChainalysisKyt::of(row, alerts);
    let risk_assessment = RiskAssessment { chainalysis_kyt, chainalysis_kyt_alerts };
    RiskAssessmentData { verification_uuid, risk_assessment }
}
