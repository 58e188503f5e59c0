//! What was asked about a person, as its case keeps it.

use waybill_store::tables::wco_cases::WcoCase;
use waybill_vault::{ScreeningColumn, Vault, VaultError};

use crate::subject::Subject;

pub(crate) fn seal_subject(vault: &Vault, case_id: &str, subject: &Subject) -> String {
    // Cannot fail: texts and lists of texts.
    let text = serde_json::to_string(subject).unwrap_or_default();
    vault.seal_screening(ScreeningColumn::CaseAsked, case_id, &text)
}

pub(crate) fn open_subject(vault: &Vault, case: &WcoCase) -> Result<Option<Subject>, VaultError> {
    let text = vault.open_screening(ScreeningColumn::CaseAsked, &case.case_id, &case.asked_sealed)?;
    Ok(serde_json::from_str(&text).ok())
}
