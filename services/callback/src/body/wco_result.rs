//! `REFINITIV_WCO_RESULT`: a World-Check result, or its end without one.

use serde::Serialize;
use waybill_context::RefinitivWorldCheckOne;
use waybill_store::tables::wco_results::WcoRow;
use waybill_vault::Vault;

use super::{RiskAssessmentData, Unrenderable};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RiskAssessment {
    refinitiv_world_check_one: RefinitivWorldCheckOne,
}

pub(super) fn data(row: WcoRow, vault: &Vault) -> Result<RiskAssessmentData<RiskAssessment>, Unrenderable> {
    let verification_uuid = row.verification_uuid;
    let refinitiv_world_check_one = RefinitivWorldCheckOne::open(row, vault)?;
    Ok(RiskAssessmentData {
        verification_uuid,
        risk_assessment: RiskAssessment { refinitiv_world_check_one },
    })
}
