//! A verification as our backend is asked about it, put together from its row.

use waybill_context::{Parties, UnreadableParty};
use waybill_domain::RequiredBeneficiaryInfo;
use waybill_protocol::Hidden;
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::Vault;

use crate::backend::{Backend, BackendError, BackendVerdict, VerificationCheck};

/// One verification, opened.
pub(super) struct Case {
    pub row: VerificationRow,
    pub required: RequiredBeneficiaryInfo,
    pub parties: Parties,
}

/// A stored verification that cannot be read.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(super) enum Unreadable {
    #[error(transparent)]
    Party(#[from] UnreadableParty),
    #[error("the codes asked for cannot be read")]
    RequiredBeneficiaryInfo,
}

impl Case {
    pub(super) fn open(vault: &Vault, row: VerificationRow) -> Result<Self, Unreadable> {
        let required = row.required_beneficiary_info.parse();
        let required = required.map_err(|_| Unreadable::RequiredBeneficiaryInfo)?;
        Ok(Self { parties: Parties::open(vault, &row)?, required, row })
    }

    pub(super) async fn ask(&self, backend: &Backend) -> Result<BackendVerdict, BackendError> {
        let check = VerificationCheck {
            uuid: self.row.uuid,
            asset: &self.row.asset,
            required_beneficiary_info: &self.row.required_beneficiary_info,
            originating_vasp_id: self.row.originating_vasp_id,
            version: &self.row.payload_version,
            ivms101: Hidden(&self.parties),
        };
        backend.verify(check).await
    }
}
