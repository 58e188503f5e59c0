//! Keyed fingerprints: equal values are found without being kept in clear.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::text::{self, KeyError};

/// The key of all fingerprints in one database. It outlives the keys of the ring, else no fingerprint that is stored
/// would ever be found again.
#[derive(Clone)]
pub struct FingerprintKey(Zeroizing<[u8; 32]>);

impl FingerprintKey {
    /// The one that belongs to a key of a ring, by HKDF-SHA256.
    pub(super) fn derive(key: &[u8; 32]) -> Self {
        let mut derived = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, key)
            .expand(b"waybill fingerprint v1", &mut *derived)
            // Cannot fail: 32 bytes are far below the 255 blocks that HKDF can expand to.
            .unwrap();
        Self(derived)
    }

    /// Reads what [`FingerprintKey::to_text`] wrote.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        text::decode_32(text).map(Self)
    }

    /// Base64url without padding: to be sealed at rest.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(text::encode(&*self.0))
    }

    /// Keyed fingerprint (HMAC-SHA256, base64url) of `data`; `label` separates purposes.
    pub fn fingerprint(&self, label: &str, data: &[u8]) -> String {
        // Cannot fail: HMAC takes keys of every length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0).unwrap();
        mac.update(&(label.len() as u64).to_be_bytes());
        mac.update(label.as_bytes());
        mac.update(data);
        text::encode(&mac.finalize().into_bytes())
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Keyring;

    fn key(names: &[(&str, u8)]) -> FingerprintKey {
        let keys = names.iter().map(|(name, byte)| ((*name).to_owned(), [*byte; 32])).collect();
        Keyring::new(keys).unwrap().derive_fingerprint_key()
    }

    #[test]
    fn fingerprints_depend_on_key_label_and_data() {
        let one = key(&[("a", 1)]);
        assert_eq!(one.fingerprint("l", b"x"), one.fingerprint("l", b"x"));
        assert_ne!(one.fingerprint("l", b"x"), one.fingerprint("l", b"y"));
        assert_ne!(one.fingerprint("l", b"x"), one.fingerprint("lx", b""));
        assert_ne!(one.fingerprint("l", b"x"), key(&[("a", 2)]).fingerprint("l", b"x"));
    }

    #[test]
    fn the_oldest_key_of_the_ring_decides_and_its_text_keeps_it() {
        let one = key(&[("a", 1)]);
        assert_eq!(key(&[("b", 2), ("a", 1)]).fingerprint("l", b"x"), one.fingerprint("l", b"x"));
        let read = FingerprintKey::parse(&one.to_text()).unwrap();
        assert_eq!(read.fingerprint("l", b"x"), one.fingerprint("l", b"x"));
        assert!(FingerprintKey::parse("AAEC").is_err());
        assert_eq!(format!("{one:?}"), "FingerprintKey(..)");
    }

    /// What nodes stored before the key stood in the database is found after.
    #[test]
    fn the_value_is_what_it_was() {
        assert_eq!(key(&[("a", 7)]).fingerprint("l", b"x"), "uu3ek3oCunii_0Bk7GPCUbZhBCQ5FeMqI0Zbx4NCEos");
    }
}
