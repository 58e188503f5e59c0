//! A verification as our backend is asked about it, put together from its row.

use serde_json::{Map, Value};
use waybill_domain::RequiredBeneficiaryInfo;
use waybill_protocol::Hidden;
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::{Column, Vault};

use crate::backend::{Backend, BackendError, BackendVerdict, VerificationCheck};

/// One verification, opened.
pub(super) struct Case {
    pub row: VerificationRow,
    pub required: RequiredBeneficiaryInfo,
    ivms101: Value,
}

/// A stored verification that cannot be read, most often because a key is missing from the keyring.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("column {0} of the verification cannot be read")]
pub(super) struct Unreadable(&'static str);

impl Case {
    pub(super) fn open(vault: &Vault, row: VerificationRow) -> Result<Self, Unreadable> {
        let mut ivms101 = Map::new();
        for (name, column, sealed) in [
            ("originator", Column::Originator, &row.originator_sealed),
            ("beneficiary", Column::Beneficiary, &row.beneficiary_sealed),
            ("originatingVASP", Column::OriginatingVasp, &row.originating_vasp_sealed),
            ("beneficiaryVASP", Column::BeneficiaryVasp, &row.beneficiary_vasp_sealed),
        ] {
            let text = vault.open_column(row.uuid, column, sealed).map_err(|_| Unreadable(name))?;
            ivms101.insert(name.to_owned(), serde_json::from_str(&text).map_err(|_| Unreadable(name))?);
        }
        let required = row.required_beneficiary_info.parse();
        let required = required.map_err(|_| Unreadable("required_beneficiary_info"))?;
        Ok(Self { row, required, ivms101: Value::Object(ivms101) })
    }

    /// The value of one part: `originator`, `beneficiary`, …
    pub(super) fn part(&self, name: &str) -> Option<&Value> {
        self.ivms101.get(name)
    }

    pub(super) async fn ask(&self, backend: &Backend) -> Result<BackendVerdict, BackendError> {
        let check = VerificationCheck {
            uuid: self.row.uuid,
            asset: &self.row.asset,
            required_beneficiary_info: &self.row.required_beneficiary_info,
            originating_vasp_id: self.row.originating_vasp_id,
            version: &self.row.payload_version,
            ivms101: Hidden(&self.ivms101),
        };
        backend.verify(check).await
    }
}
