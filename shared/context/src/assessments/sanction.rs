//! A look into the sanctions lists.

use serde::Serialize;
use waybill_domain::{Direction, SanctionStatus, Timestamp, VaspId, iso_time};
use waybill_store::tables::sanction_results::SanctionResult;

/// `chainalysisSanction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainalysisSanction {
    request_id: String,
    counterparty_vasp_id: VaspId,
    direction: Direction,
    address: String,
    status: SanctionStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    ofac_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ofac_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ofac_url: Option<String>,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
    /// Of an `ERROR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<SanctionResult> for ChainalysisSanction {
    fn from(row: SanctionResult) -> Self {
        Self {
            request_id: row.request_id,
            counterparty_vasp_id: row.counterparty_vasp_id,
            direction: row.direction,
            address: row.address,
            status: row.status,
            ofac_name: row.ofac_name,
            ofac_description: row.ofac_description,
            ofac_url: row.ofac_url,
            created_at: row.created_at,
            reason: row.reason,
        }
    }
}
