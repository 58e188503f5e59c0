//! One function for each kind of place, so that nobody spells a place twice.

use std::sync::Arc;

use waybill_crypto::{EncryptionPrivateKey, Keyring, Place};
use waybill_domain::{Fault, SharedEntropy, VerificationUuid, codes};
use zeroize::Zeroizing;

/// A sealed value that does not open. Says where, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value of {0} does not open")]
pub struct VaultError(&'static str);

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        tracing::error!(alarm = "sealed-value", %error, "is its key missing from encryption.keys?");
        codes::internal_error()
    }
}

/// A sealed column of `verifications`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The originator, IVMS101 JSON.
    Originator,
    /// The originating VASP, IVMS101 JSON.
    OriginatingVasp,
    /// The beneficiary, IVMS101 JSON.
    Beneficiary,
    /// The beneficiary VASP, IVMS101 JSON.
    BeneficiaryVasp,
    /// Free text of a backend.
    Message,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Originator => "ivms101_originator",
            Self::OriginatingVasp => "ivms101_originating_vasp",
            Self::Beneficiary => "ivms101_beneficiary",
            Self::BeneficiaryVasp => "ivms101_beneficiary_vasp",
            Self::Message => "message",
        }
    }
}

/// Seals at rest with the node's keyring. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    keyring: Arc<Keyring>,
    entropy: SharedEntropy,
}

impl Vault {
    /// A vault over a keyring.
    pub fn new(keyring: Arc<Keyring>, entropy: SharedEntropy) -> Self {
        Self { keyring, entropy }
    }

    /// Seals a column of a verification.
    pub fn seal_column(&self, uuid: VerificationUuid, column: Column, text: &str) -> String {
        self.seal("verifications", column.name(), &uuid.to_string(), text)
    }

    /// Opens a column of a verification.
    ///
    /// # Errors
    /// [`VaultError`] when it was altered, moved, or sealed with a key that is gone.
    pub fn open_column(
        &self,
        uuid: VerificationUuid,
        column: Column,
        sealed: &str,
    ) -> Result<Zeroizing<String>, VaultError> {
        self.open("verifications", column.name(), &uuid.to_string(), sealed)
    }

    /// Seals a field of a request on the bus. `kind` and `id` name the request.
    pub fn seal_request(&self, kind: &'static str, id: &str, text: &str) -> String {
        self.seal("bus", kind, id, text)
    }

    /// Opens a field of a request on the bus.
    ///
    /// # Errors
    /// [`VaultError`] when it was altered or belongs to another request.
    pub fn open_request(
        &self,
        kind: &'static str,
        id: &str,
        sealed: &str,
    ) -> Result<Zeroizing<String>, VaultError> {
        self.open("bus", kind, id, sealed)
    }

    /// Seals a private key of ours.
    pub fn seal_private_key(&self, key_id: &str, key: &EncryptionPrivateKey) -> String {
        self.seal("own_keys", "private_key", key_id, &key.to_text())
    }

    /// Opens a private key of ours.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open_private_key(&self, key_id: &str, sealed: &str) -> Result<EncryptionPrivateKey, VaultError> {
        let text = self.open("own_keys", "private_key", key_id, sealed)?;
        EncryptionPrivateKey::parse(&text).map_err(|_| VaultError("own_keys"))
    }

    /// A keyed digest: tells equal values apart from different ones and nothing else.
    pub fn fingerprint(&self, label: &str, data: &[u8]) -> String {
        self.keyring.fingerprint(label, data)
    }

    fn seal(&self, table: &str, column: &str, row: &str, text: &str) -> String {
        self.keyring.seal(&Place { table, column, row }, text.as_bytes(), &*self.entropy)
    }

    fn open(
        &self,
        table: &'static str,
        column: &str,
        row: &str,
        sealed: &str,
    ) -> Result<Zeroizing<String>, VaultError> {
        let bytes =
            self.keyring.open(&Place { table, column, row }, sealed).map_err(|_| VaultError(table))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError(table))?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::SeededEntropy;

    use super::*;

    fn vault() -> Vault {
        let keyring = Keyring::new(vec![("k1".to_owned(), [7; 32])]).unwrap();
        Vault::new(Arc::new(keyring), SeededEntropy::new(1).shared())
    }

    #[test]
    fn a_value_opens_only_where_it_was_sealed() {
        let vault = vault();
        let (uuid, other) = (VerificationUuid::from_random([1; 16]), VerificationUuid::from_random([2; 16]));
        let sealed = vault.seal_column(uuid, Column::Originator, "Riley Example");
        assert_eq!(*vault.open_column(uuid, Column::Originator, &sealed).unwrap(), "Riley Example");
        assert!(vault.open_column(other, Column::Originator, &sealed).is_err());
        assert!(vault.open_column(uuid, Column::Beneficiary, &sealed).is_err());
        assert!(vault.open_request("check-account", &uuid.to_string(), &sealed).is_err());
    }

    #[test]
    fn private_keys_survive_the_vault() {
        let vault = vault();
        let pair = waybill_crypto::EncryptionKeyPair::generate(&SeededEntropy::new(2));
        let sealed = vault.seal_private_key("k", &pair.private);
        assert_eq!(vault.open_private_key("k", &sealed).unwrap().public(), pair.public);
        assert!(vault.open_private_key("other", &sealed).is_err());
    }
}
