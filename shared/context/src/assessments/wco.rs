//! A World-Check result.

use serde::Serialize;
use waybill_domain::{Direction, MatchStrength, ScreeningStatus, Timestamp, VaspId, iso_time};
use waybill_store::tables::wco_results::WcoRow;
use waybill_vault::{ScreeningColumn, Vault, VaultError};

/// `refinitivWorldCheckOne`: over all persons of a request, the case with the strongest match.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefinitivWorldCheckOne {
    request_id: String,
    counterparty_vasp_id: VaspId,
    direction: Direction,
    case_system_id: Option<String>,
    status: ScreeningStatus,
    match_strength: Option<MatchStrength>,
    /// JSON encoded as a string; names people.
    aggregated_summary_result: Option<String>,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
    #[serde(with = "iso_time::option", skip_serializing_if = "Option::is_none")]
    assessed_at: Option<Timestamp>,
    /// Of an `ERROR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl RefinitivWorldCheckOne {
    /// A request with the vendor's summary.
    ///
    /// # Errors
    /// [`VaultError`] when the summary does not open.
    pub fn open(row: WcoRow, vault: &Vault) -> Result<Self, VaultError> {
        let sealed = row.summary_sealed.as_ref();
        let open = |sealed| vault.open_screening(ScreeningColumn::Summary, &row.request_id, sealed);
        // Taken, not copied: it is shown anyway.
        let summary =
            sealed.map(|sealed| open(sealed)).transpose()?.map(|mut text| std::mem::take(&mut *text));
        Ok(Self { aggregated_summary_result: summary, ..Self::without_personal_data(row) })
    }

    /// A request for those who may not see personal data: the summary is `null`.
    pub fn without_personal_data(row: WcoRow) -> Self {
        Self {
            request_id: row.request_id,
            counterparty_vasp_id: row.counterparty_vasp_id,
            direction: row.direction,
            case_system_id: Some(row.case_system_id).filter(|id| !id.is_empty()),
            status: row.status,
            match_strength: row.match_strength,
            aggregated_summary_result: None,
            created_at: row.created_at,
            assessed_at: row.assessed_at,
            reason: row.reason,
        }
    }
}

/// Shows nothing personal.
impl std::fmt::Debug for RefinitivWorldCheckOne {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefinitivWorldCheckOne").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}
