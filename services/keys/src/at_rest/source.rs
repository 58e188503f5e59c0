//! Where the keyring comes from: the settings or a file, as it is or through the endpoint that unwraps it.

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};
use waybill_crypto::{Keyring, KeyringEntries};
use waybill_egress::Egress;
use waybill_runtime::settings::Settings;
use zeroize::Zeroizing;

use super::decrypt::Decrypter;
use super::{AtRestError, file};

/// The source, and what was last read from it.
pub(crate) struct Source {
    place: Place,
    decrypter: Option<Decrypter>,
    /// The text of the file that the ring in use was made from.
    taken: Zeroizing<String>,
}

enum Place {
    Settings(SecretString),
    File(PathBuf),
}

impl Source {
    /// The source that the settings name.
    ///
    /// # Errors
    /// [`AtRestError::Token`].
    pub(crate) fn of(settings: &Settings, egress: &Egress) -> Result<Self, AtRestError> {
        let encryption = &settings.encryption;
        let place = match (&encryption.keyring_file, &encryption.keys) {
            (Some(path), _) => Place::File(path.clone()),
            (None, Some(keys)) => Place::Settings(keys.clone()),
            // The check of the settings refuses it; an empty ring says so once more.
            (None, None) => Place::Settings(SecretString::from("")),
        };
        let token = settings.backend.token_header().map_err(|_| AtRestError::Token)?;
        let decrypter = encryption.decrypt_url.clone().map(|url| Decrypter {
            egress: egress.clone(),
            url,
            timeout: encryption.decrypt_timeout,
            token,
            known: Vec::new(),
        });
        Ok(Self { place, decrypter, taken: Zeroizing::default() })
    }

    /// Whether it can change while the node runs.
    pub(crate) fn may_change(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    /// The ring, unless the source holds what was last taken.
    ///
    /// # Errors
    /// [`AtRestError`].
    pub(crate) async fn changed(&mut self) -> Result<Option<Offered>, AtRestError> {
        let text = self.text()?;
        if *text == *self.taken {
            return Ok(None);
        }
        let entries = KeyringEntries::parse(&text);
        let entries = entries.map_err(|why| AtRestError::Unusable { place: self.name(), why })?;
        let keyring = self.ring(entries).await?;
        Ok(Some(Offered { keyring, text }))
    }

    /// Whether entries give keys.
    ///
    /// # Errors
    /// [`AtRestError`].
    pub(crate) async fn check(&mut self, entries: &KeyringEntries) -> Result<(), AtRestError> {
        self.ring(entries.clone()).await.map(drop)
    }

    async fn ring(&mut self, entries: KeyringEntries) -> Result<Keyring, AtRestError> {
        match &mut self.decrypter {
            Some(decrypter) => decrypter.ring(&entries).await,
            None => entries.into_keyring().map_err(|why| AtRestError::Unusable { place: self.name(), why }),
        }
    }

    /// Remembers that a ring is in use: it is not offered again.
    pub(crate) fn take(&mut self, offered: Offered) -> Keyring {
        self.taken = offered.text;
        offered.keyring
    }

    fn text(&self) -> Result<Zeroizing<String>, AtRestError> {
        match &self.place {
            Place::Settings(keys) => Ok(Zeroizing::new(keys.expose_secret().to_owned())),
            Place::File(path) => file::read(path),
        }
    }

    fn name(&self) -> String {
        match &self.place {
            Place::Settings(_) => "encryption.keys".to_owned(),
            Place::File(path) => path.display().to_string(),
        }
    }
}

/// A ring that the source holds, not in use yet.
pub(crate) struct Offered {
    /// The ring.
    pub(crate) keyring: Keyring,
    text: Zeroizing<String>,
}
