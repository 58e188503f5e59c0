//! For what a key is asked.

use waybill_domain::{KeyType, VaspId, VerificationUuid};

/// The scope of the keys of one exchange, on both sides.
#[derive(Clone, Copy)]
pub struct KeyScope<'a> {
    /// The counterparty.
    pub vasp_id: VaspId,
    /// How widely keys are shared.
    pub key_type: KeyType,
    /// The beneficiary's address; used with `PerAddress`.
    pub address: &'a str,
    /// The verification; used with `PerVerification`. None for an account check.
    pub verification: Option<VerificationUuid>,
}

impl<'a> KeyScope<'a> {
    /// The address, where keys depend on it.
    pub(super) fn address(&self) -> Option<&'a str> {
        (self.key_type == KeyType::PerAddress).then_some(self.address)
    }

    /// The verification, where keys depend on it.
    pub(super) fn verification(&self) -> Option<VerificationUuid> {
        self.verification.filter(|_| self.key_type == KeyType::PerVerification)
    }
}
