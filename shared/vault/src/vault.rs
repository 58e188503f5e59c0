//! One function for each kind of place, so that nobody spells a place twice.

use std::sync::{Arc, PoisonError, RwLock};

use waybill_crypto::{EncryptionPrivateKey, FingerprintKey, Keyring, Place};
use waybill_domain::{Fault, SharedEntropy, VerificationUuid, codes};
use zeroize::Zeroizing;

/// A sealed value that does not open. Says where, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value of {0} does not open")]
pub struct VaultError(&'static str);

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        tracing::error!(alarm = "sealed-value", %error, "is its key missing from the keyring?");
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
    /// Every sealed column of `verifications`.
    pub const ALL: [Self; 5] =
        [Self::Originator, Self::OriginatingVasp, Self::Beneficiary, Self::BeneficiaryVasp, Self::Message];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Originator => "ivms101_originator",
            Self::OriginatingVasp => "ivms101_originating_vasp",
            Self::Beneficiary => "ivms101_beneficiary",
            Self::BeneficiaryVasp => "ivms101_beneficiary_vasp",
            Self::Message => "message",
        }
    }
}

/// A sealed column of a risk assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreeningColumn {
    /// The summary of a World-Check request; its row is named by the request id.
    Summary,
    /// What was asked of World-Check about one person; named by the case id.
    CaseAsked,
    /// The summary of one case; named by the case id.
    CaseSummary,
}

impl ScreeningColumn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Summary, Self::CaseAsked, Self::CaseSummary];

    /// The table it is in.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Summary => "refinitiv_wco_results",
            Self::CaseAsked | Self::CaseSummary => "refinitiv_wco_cases",
        }
    }

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Summary | Self::CaseSummary => "aggregated_result_summaries",
            Self::CaseAsked => "asked",
        }
    }
}

/// Seals at rest with the node's keyring. Cheap to clone; all clones take part when the ring is replaced.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<RwLock<Keys>>,
    entropy: SharedEntropy,
}

/// What is replaced as a whole, so that nobody sees half of it.
#[derive(Clone)]
struct Keys {
    keyring: Arc<Keyring>,
    fingerprints: Arc<FingerprintKey>,
}

impl Vault {
    /// A vault over a keyring. Its fingerprints are those that belong to the ring's oldest key, until
    /// [`Vault::use_fingerprint_key`] says otherwise.
    pub fn new(keyring: Arc<Keyring>, entropy: SharedEntropy) -> Self {
        let fingerprints = Arc::new(keyring.derive_fingerprint_key());
        Self { keys: Arc::new(RwLock::new(Keys { keyring, fingerprints })), entropy }
    }

    /// The ring that is in use.
    pub fn keyring(&self) -> Arc<Keyring> {
        self.keys().keyring
    }

    /// Puts another ring in the place of the present one. Fingerprints stay what they are.
    pub fn replace_keyring(&self, keyring: Arc<Keyring>) {
        self.change(|keys| keys.keyring = keyring);
    }

    /// Makes fingerprints with this key from now on: the one of the database.
    pub fn use_fingerprint_key(&self, key: FingerprintKey) {
        self.change(|keys| keys.fingerprints = Arc::new(key));
    }

    // A panic while the lock was held leaves nothing half done: each change is one assignment.
    fn keys(&self) -> Keys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Keys)) {
        change(&mut self.keys.write().unwrap_or_else(PoisonError::into_inner));
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

    /// Seals a column of a risk assessment. `name` is the request id, or the case id.
    pub fn seal_screening(&self, column: ScreeningColumn, name: &str, text: &str) -> String {
        self.seal(column.table(), column.name(), name, text)
    }

    /// Opens a column of a risk assessment.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open_screening(
        &self,
        column: ScreeningColumn,
        name: &str,
        sealed: &str,
    ) -> Result<Zeroizing<String>, VaultError> {
        self.open(column.table(), column.name(), name, sealed)
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

    /// Seals the key of all fingerprints, which `node_facts` keeps under `name`.
    pub fn seal_fingerprint_key(&self, name: &str, key: &FingerprintKey) -> String {
        self.seal("node_facts", "value", name, &key.to_text())
    }

    /// Opens the key of all fingerprints.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open_fingerprint_key(&self, name: &str, sealed: &str) -> Result<FingerprintKey, VaultError> {
        let text = self.open("node_facts", "value", name, sealed)?;
        FingerprintKey::parse(&text).map_err(|_| VaultError("node_facts"))
    }

    /// A keyed digest: tells equal values apart from different ones and nothing else.
    pub fn fingerprint(&self, label: &str, data: &[u8]) -> String {
        self.keys().fingerprints.fingerprint(label, data)
    }

    fn seal(&self, table: &str, column: &str, row: &str, text: &str) -> String {
        self.keys().keyring.seal(&Place { table, column, row }, text.as_bytes(), &*self.entropy)
    }

    fn open(
        &self,
        table: &'static str,
        column: &str,
        row: &str,
        sealed: &str,
    ) -> Result<Zeroizing<String>, VaultError> {
        let keyring = self.keyring();
        let bytes = keyring.open(&Place { table, column, row }, sealed).map_err(|_| VaultError(table))?;
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

    #[test]
    fn another_ring_serves_all_clones_and_leaves_fingerprints_alone() {
        let (vault, entropy) = (vault(), SeededEntropy::new(3).shared());
        let (clone, uuid) = (vault.clone(), VerificationUuid::from_random([1; 16]));
        let (sealed, print) = (vault.seal_column(uuid, Column::Message, "x"), vault.fingerprint("l", b"x"));

        let both = Keyring::new(vec![("k2".to_owned(), [8; 32]), ("k1".to_owned(), [7; 32])]).unwrap();
        vault.replace_keyring(Arc::new(both));
        assert!(clone.seal_column(uuid, Column::Message, "x").starts_with("k2."));
        assert_eq!(*clone.open_column(uuid, Column::Message, &sealed).unwrap(), "x");

        let fingerprints = Keyring::new(vec![("k1".to_owned(), [7; 32])]).unwrap().derive_fingerprint_key();
        let alone = Arc::new(Keyring::new(vec![("k2".to_owned(), [8; 32])]).unwrap());
        clone.replace_keyring(Arc::clone(&alone));
        assert!(vault.open_column(uuid, Column::Message, &sealed).is_err(), "its key is gone");
        assert_eq!(vault.fingerprint("l", b"x"), print);

        let later = Vault::new(alone, entropy);
        assert_ne!(later.fingerprint("l", b"x"), print);
        let kept = later.seal_fingerprint_key("f", &fingerprints);
        later.use_fingerprint_key(later.open_fingerprint_key("f", &kept).unwrap());
        assert_eq!(later.fingerprint("l", b"x"), print);
        assert!(later.open_fingerprint_key("g", &kept).is_err(), "it opens in its place only");
    }
}
