//! One risk assessment, as the list and the look-up show it: what was asked, when and with which key, and what was found.

mod case;
pub(super) mod describe;
mod details;

use serde::Serialize;
use waybill_context::{ChainalysisKyt, ChainalysisKytAlert, ChainalysisSanction, RefinitivWorldCheckOne};
use waybill_domain::{
    Direction, ScreeningOrigin, ScreeningVendor, Timestamp, VaspId, VerificationUuid, iso_time,
};
use waybill_store::tables::history::Assessment;
use waybill_store::tables::kyt_results::KytRow;
use waybill_store::tables::sanction_results::SanctionResult;
use waybill_store::tables::wco_results::WcoRow;
use waybill_vault::Vault;

use self::case::Case;
use crate::refused::Refused;

pub(super) use details::Details;

/// A risk assessment. What is not known is `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    request_id: String,
    verification_uuid: VerificationUuid,
    vendor: ScreeningVendor,
    status: &'static str,
    reason: Option<String>,
    direction: Direction,
    counterparty_vasp_id: VaspId,
    /// Of World-Check nothing: it is asked about persons.
    address: Option<String>,
    origin: ScreeningOrigin,
    key_id: Option<String>,
    shares_request: Option<String>,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
    #[serde(with = "iso_time::option")]
    registered_at: Option<Timestamp>,
    #[serde(with = "iso_time::option")]
    assessed_at: Option<Timestamp>,
    risk_assessment: RiskAssessment,
}

/// In the words of the callbacks.
#[derive(Serialize)]
#[serde(untagged)]
enum RiskAssessment {
    #[serde(rename_all = "camelCase")]
    Sanction { chainalysis_sanction: ChainalysisSanction },
    Kyt {
        #[serde(rename = "chainalysisKYT")]
        kyt: Box<ChainalysisKyt>,
        #[serde(rename = "chainalysisKYTAlerts", skip_serializing_if = "Vec::is_empty")]
        alerts: Vec<ChainalysisKytAlert>,
    },
    #[serde(rename_all = "camelCase")]
    Wco { refinitiv_world_check_one: Box<RefinitivWorldCheckOne>, refinitiv_world_check_one_cases: Vec<Case> },
}

impl Entry {
    /// Shows an assessment; personal data to those who may see it.
    pub(super) fn of(
        assessment: Assessment,
        details: &mut Details,
        vault: &Vault,
        with_personal_data: bool,
    ) -> Result<Self, Refused> {
        match assessment {
            Assessment::Sanction(row) => Ok(Self::of_sanction(row)),
            Assessment::Kyt(row) => Ok(Self::of_kyt(*row, details)),
            Assessment::Wco(row) => Self::of_wco(row, details, vault, with_personal_data),
        }
    }

    fn of_sanction(row: SanctionResult) -> Self {
        Self {
            request_id: row.request_id.clone(),
            verification_uuid: row.verification_uuid,
            vendor: ScreeningVendor::ChainalysisSanction,
            status: row.status.as_str(),
            reason: row.reason.clone(),
            direction: row.direction,
            counterparty_vasp_id: row.counterparty_vasp_id,
            address: Some(row.address.clone()),
            origin: row.origin,
            key_id: row.key_id.clone(),
            shares_request: row.shares_request.clone(),
            created_at: row.created_at,
            // Asked, answered and stored in one.
            registered_at: None,
            assessed_at: None,
            risk_assessment: RiskAssessment::Sanction { chainalysis_sanction: row.into() },
        }
    }

    fn of_kyt(row: KytRow, details: &mut Details) -> Self {
        let alerts = details.alerts_of(&row.request_id);
        Self {
            request_id: row.request_id.clone(),
            verification_uuid: row.verification_uuid,
            vendor: ScreeningVendor::ChainalysisKyt,
            status: row.status.as_str(),
            reason: row.reason.clone(),
            direction: row.direction,
            counterparty_vasp_id: row.counterparty_vasp_id,
            address: Some(row.address.clone()),
            origin: row.origin,
            key_id: row.key_id.clone(),
            shares_request: row.shares_request.clone(),
            created_at: row.created_at,
            registered_at: row.registered_at,
            assessed_at: row.assessed_at,
            risk_assessment: {
                let (kyt, alerts) = ChainalysisKyt::of(row, alerts);
                RiskAssessment::Kyt { kyt: Box::new(kyt), alerts }
            },
        }
    }

    fn of_wco(
        row: WcoRow,
        details: &mut Details,
        vault: &Vault,
        with_personal_data: bool,
    ) -> Result<Self, Refused> {
        let cases = details.cases_of(&row.request_id).into_iter();
        let cases = cases.map(|case| Case::of(case, vault, with_personal_data)).collect::<Result<_, _>>()?;
        let shown = match with_personal_data {
            true => RefinitivWorldCheckOne::open(row.clone(), vault)?,
            false => RefinitivWorldCheckOne::without_personal_data(row.clone()),
        };
        Ok(Self {
            request_id: row.request_id,
            verification_uuid: row.verification_uuid,
            vendor: ScreeningVendor::RefinitivWco,
            status: row.status.as_str(),
            reason: row.reason,
            direction: row.direction,
            counterparty_vasp_id: row.counterparty_vasp_id,
            address: None,
            origin: row.origin,
            key_id: row.key_id,
            shares_request: None,
            created_at: row.created_at,
            registered_at: row.registered_at,
            assessed_at: row.assessed_at,
            risk_assessment: RiskAssessment::Wco {
                refinitiv_world_check_one: Box::new(shown),
                refinitiv_world_check_one_cases: cases,
            },
        })
    }
}
