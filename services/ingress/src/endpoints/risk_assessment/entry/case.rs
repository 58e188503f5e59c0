//! One person's case at World-Check.

use serde::{Deserialize, Serialize};
use waybill_domain::{MatchStrength, ScreeningStatus, Timestamp, codes, iso_time};
use waybill_store::tables::wco_cases::{EntityType, WcoCase};
use waybill_vault::{ScreeningColumn, Vault};

use crate::refused::Refused;

/// A case. What is personal is `null` for those who may not see it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Case {
    case_id: String,
    case_system_id: Option<String>,
    entity_type: EntityType,
    asked: Option<Asked>,
    status: ScreeningStatus,
    reason: Option<String>,
    match_strength: Option<MatchStrength>,
    total_matches: Option<u32>,
    aggregated_summary_result: Option<String>,
    shares_case: Option<String>,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
    #[serde(with = "iso_time::option")]
    assessed_at: Option<Timestamp>,
}

/// What the vendor was asked about a person.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    name: String,
    #[serde(default)]
    secondary_fields: Vec<SecondaryField>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecondaryField {
    type_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date_time_value: Option<String>,
}

impl Case {
    pub(super) fn of(case: WcoCase, vault: &Vault, with_personal_data: bool) -> Result<Self, Refused> {
        let (asked, summary) = if with_personal_data { open(&case, vault)? } else { (None, None) };
        Ok(Self {
            case_id: case.case_id,
            case_system_id: case.case_system_id,
            entity_type: case.entity_type,
            asked,
            status: case.status,
            reason: case.reason,
            match_strength: case.match_strength,
            total_matches: case.total_matches,
            aggregated_summary_result: summary,
            shares_case: case.shares_case,
            created_at: case.created_at,
            assessed_at: case.assessed_at,
        })
    }
}

fn open(case: &WcoCase, vault: &Vault) -> Result<(Option<Asked>, Option<String>), Refused> {
    let open = |column, sealed: &str| vault.open_screening(column, &case.case_id, sealed);
    let asked = open(ScreeningColumn::CaseAsked, &case.asked_sealed)?;
    let asked = serde_json::from_str(&asked).map_err(|_| {
        tracing::error!("what was asked of World-Check is not JSON");
        codes::internal_error()
    })?;
    let summary = match &case.summary_sealed {
        // Taken, not copied: the answer shows it anyway.
        Some(sealed) => Some(std::mem::take(&mut *open(ScreeningColumn::CaseSummary, sealed)?)),
        None => None,
    };
    Ok((Some(asked), summary))
}
