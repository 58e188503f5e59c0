//! The keys that sign for us. While one replaces the other there are two, and the directory decides which one signs.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret as _;
use waybill_crypto::{IdentityKey, KeyError, VerifyingKey};
use waybill_directory::{Directory, KeyStanding};
use waybill_domain::{Timestamp, VaspId};
use waybill_runtime::settings::IdentitySettings;

/// Our signing key, and the one that is to take its place.
#[derive(Debug)]
pub struct Identity {
    key: IdentityKey,
    next: Option<Next>,
}

#[derive(Debug)]
struct Next {
    key: IdentityKey,
    switch_after: Duration,
    /// When this process first saw it in the directory.
    listed_since: Mutex<Option<Timestamp>>,
}

impl Identity {
    /// One key, which signs whatever the directory says.
    pub fn new(key: IdentityKey) -> Self {
        Self { key, next: None }
    }

    /// A second key, which signs once the directory has listed it as valid for `switch_after`, as this node sees it: by
    /// then the other nodes have read the directory too.
    #[must_use]
    pub fn with_next(self, key: IdentityKey, switch_after: Duration) -> Self {
        Self { next: Some(Next { key, switch_after, listed_since: Mutex::new(None) }), ..self }
    }

    /// The keys of the settings.
    ///
    /// # Errors
    /// [`KeyError`] with the setting's name.
    pub fn of(settings: &IdentitySettings) -> Result<Self, (&'static str, KeyError)> {
        let parse = |name, text: &str| IdentityKey::parse(text).map_err(|error| (name, error));
        let identity = Self::new(parse("identity.key", settings.key.expose_secret())?);
        match &settings.next_key {
            Some(next) => {
                let next = parse("identity.next_key", next.expose_secret())?;
                Ok(identity.with_next(next, settings.switch_after))
            }
            None => Ok(identity),
        }
    }

    /// The key that signs now.
    pub fn signing_key(&self, directory: &Directory, own: VaspId, now: Timestamp) -> &IdentityKey {
        match &self.next {
            Some(next) if self.has_switched(next, directory, own, now) => &next.key,
            _ => &self.key,
        }
    }

    /// The public half of the key that signs until a next one does.
    pub fn current(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// The public half of the next key.
    pub fn next(&self) -> Option<VerifyingKey> {
        self.next.as_ref().map(|next| next.key.verifying_key())
    }

    fn has_switched(&self, next: &Next, directory: &Directory, own: VaspId, now: Timestamp) -> bool {
        let standing = |key: &IdentityKey| directory.key_standing(own, &key.key_id(), now);
        let next_standing = standing(&next.key);
        let listed_since = next.note(next_standing, now);
        let KeyStanding::Valid { since, .. } = next_standing else { return false };
        let settled = listed_since.max(since) + next.switch_after.min(LONGEST_WAIT) <= now;
        settled || !matches!(standing(&self.key), KeyStanding::Valid { .. })
    }
}

/// A century; more would leave what a time can hold.
const LONGEST_WAIT: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl Next {
    /// Since when the directory has listed it.
    fn note(&self, standing: KeyStanding, now: Timestamp) -> Timestamp {
        let mut since = self.listed_since.lock().unwrap_or_else(PoisonError::into_inner);
        match standing {
            KeyStanding::Valid { .. } | KeyStanding::NotYet { .. } => *since.get_or_insert(now),
            KeyStanding::Expired { .. } | KeyStanding::NotListed | KeyStanding::NotAMember => {
                *since = None;
                now
            }
        }
    }
}
