//! The keyring as an operator finds it.

use std::path::Path;

use secrecy::ExposeSecret as _;
use waybill_crypto::{KeyringEntries, KeyringEntry, KeyringError};
use waybill_runtime::settings::Settings;

use crate::at_rest::AtRestError;
use crate::at_rest::file::{self, Locked};

/// Where the entries are.
pub struct Ring<'a> {
    /// The settings that name it.
    pub settings: &'a Settings,
}

impl Ring<'_> {
    /// The entries as they stand there, keys not looked into.
    ///
    /// # Errors
    /// [`AtRestError`].
    pub fn entries(&self) -> Result<KeyringEntries, AtRestError> {
        let encryption = &self.settings.encryption;
        match (&encryption.keyring_file, &encryption.keys) {
            (Some(path), _) => file::entries(path),
            (None, keys) => {
                let text = keys.as_ref().map_or("", |keys| keys.expose_secret());
                KeyringEntries::parse(text).map_err(|why| unusable("encryption.keys", why))
            }
        }
    }

    /// Whether commands can change it.
    pub fn is_file(&self) -> bool {
        self.settings.encryption.keyring_file.is_some()
    }

    /// The right to change the file.
    pub(super) fn lock(&self) -> Result<Locked, AtRestError> {
        Locked::take(self.path()?)
    }

    pub(super) fn path(&self) -> Result<&Path, AtRestError> {
        let path = self.settings.encryption.keyring_file.as_deref();
        path.ok_or_else(|| AtRestError::Refused(IN_SETTINGS.to_owned()))
    }
}

const IN_SETTINGS: &str = "the keys stand in encryption.keys, which only a person can change: edit it and restart every \
    node after each step (a new key last, then first, then the old one away once `waybill keys list` counts no value under \
    it); or put its text into a file (mode 0600), name that as encryption.keyring_file instead, restart once, and rotate \
    without a stop from then on";

pub(super) fn unusable(place: &str, why: KeyringError) -> AtRestError {
    AtRestError::Unusable { place: place.to_owned(), why }
}

/// Entries in another order or number; the same rules hold.
pub(super) fn arranged(path: &Path, entries: Vec<KeyringEntry>) -> Result<KeyringEntries, AtRestError> {
    KeyringEntries::new(entries).map_err(|why| unusable(&path.display().to_string(), why))
}
