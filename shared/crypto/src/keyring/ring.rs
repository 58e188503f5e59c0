//! The keyring: the first key seals, all open.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use subtle::ConstantTimeEq as _;
use waybill_domain::Entropy;
use zeroize::Zeroizing;

use super::names::check_names;
use super::{FingerprintKey, KeyringError, OpenError, Place};
use crate::text;

const NONCE: usize = 24;

/// Keys that seal values at rest with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha).
///
/// To rotate, put a new key in front. A key may leave the ring when nothing sealed with it is left.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<(String, Zeroizing<[u8; 32]>)>,
}

impl Keyring {
    /// A ring of named keys; the first one seals. Names are `[a-z0-9-]{1,16}`, each used once.
    pub fn new(keys: Vec<(String, [u8; 32])>) -> Result<Self, KeyringError> {
        Self::build(keys.into_iter().map(|(name, key)| (name, Zeroizing::new(key))).collect())
    }

    pub(super) fn build(keys: Vec<(String, Zeroizing<[u8; 32]>)>) -> Result<Self, KeyringError> {
        check_names(keys.iter().map(|(name, _)| name.as_str()))?;
        Ok(Self { keys })
    }

    /// Name of the key that seals now.
    pub fn sealing_key_name(&self) -> &str {
        &self.keys[0].0 // never empty, see `build`
    }

    /// The names of all keys, the sealing one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(name, _)| name.as_str())
    }

    /// Whether a value names this key as the one that sealed it.
    pub fn is_sealed_with(sealed: &str, name: &str) -> bool {
        sealed.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
    }

    /// The first name that stands for one key here and for another one there: values would open or not depending on who
    /// looks.
    pub fn conflict_with(&self, other: &Self) -> Option<&str> {
        let differs = |(name, key): &&(String, Zeroizing<[u8; 32]>)| {
            let there = other.keys.iter().find(|(known, _)| known == name);
            there.is_some_and(|(_, there)| !bool::from(key.ct_eq(&**there)))
        };
        self.keys.iter().find(differs).map(|(name, _)| name.as_str())
    }

    /// This ring with some keys of another one behind its own; those it has already stay as they are.
    #[must_use]
    pub fn with_keys_of(&self, other: &Self, names: &[String]) -> Self {
        let mut keys = self.keys.clone();
        let lacking = |name: &String| self.names().all(|known| known != name);
        let wanted = other.keys.iter().filter(|(name, _)| names.contains(name) && lacking(name));
        keys.extend(wanted.cloned());
        Self { keys }
    }

    /// This ring with only the named keys, in its own order; none when no key is left.
    pub fn only(&self, names: &[String]) -> Option<Self> {
        let keys: Vec<_> = self.keys.iter().filter(|(name, _)| names.contains(name)).cloned().collect();
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// The key for fingerprints that belongs to the oldest key of the ring, the last. A node derives it once, at the
    /// first start over a database, and keeps it there sealed.
    pub fn derive_fingerprint_key(&self) -> FingerprintKey {
        let (_, oldest) = &self.keys[self.keys.len() - 1]; // never empty, see `build`
        FingerprintKey::derive(oldest)
    }

    /// Seals for `place`: `<key name>.<base64url(nonce ‖ ciphertext)>`. About 1.34 × the plaintext plus 70 characters.
    pub fn seal(&self, place: &Place<'_>, plaintext: &[u8], entropy: &dyn Entropy) -> String {
        let (name, key) = &self.keys[0]; // never empty, see `build`
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let ciphertext = encrypt(key, &nonce, &place.associated_data(name), plaintext);
        format!("{name}.{}", text::encode(&[&nonce[..], &ciphertext].concat()))
    }

    /// Opens what [`Keyring::seal`] made for the same `place`, with whichever key of the ring it names.
    pub fn open(&self, place: &Place<'_>, sealed: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (name, body) = sealed.split_once('.').ok_or(OpenError::Malformed)?;
        check_names(std::iter::once(name)).map_err(|_| OpenError::Malformed)?;
        let body = text::decode(body).ok_or(OpenError::Malformed)?;
        let (nonce, ciphertext) = body.split_first_chunk::<NONCE>().ok_or(OpenError::Malformed)?;
        let (_, key) = self
            .keys
            .iter()
            .find(|(known, _)| known == name)
            .ok_or_else(|| OpenError::UnknownKey(name.to_owned()))?;
        decrypt(key, nonce, &place.associated_data(name), ciphertext).ok_or(OpenError::NotAuthentic)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("names", &self.names().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

fn encrypt(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(*nonce), Payload { msg: plaintext, aad })
        // Cannot fail: only plaintexts of more than 256 GiB are refused.
        .unwrap()
}

fn decrypt(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::{ChaCha20Poly1305, Nonce};

    use super::*;
    use crate::test_entropy::{Counting, unhex};

    const HERE: Place<'_> = Place { table: "verifications", column: "ivms101_originator", row: "7f3c" };

    fn ring(names: &[(&str, u8)]) -> Keyring {
        Keyring::new(names.iter().map(|(name, byte)| ((*name).to_owned(), [*byte; 32])).collect()).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_and_names_its_key() {
        let ring = ring(&[("2026", 1)]);
        let sealed = ring.seal(&HERE, b"Taylor Robbins", &Counting::default());
        assert!(sealed.starts_with("2026."));
        assert_eq!(ring.open(&HERE, &sealed).unwrap().as_slice(), b"Taylor Robbins");
    }

    #[test]
    fn a_nonce_is_used_once() {
        let (ring, entropy) = (ring(&[("a", 1)]), Counting::default());
        assert_ne!(ring.seal(&HERE, b"same", &entropy), ring.seal(&HERE, b"same", &entropy));
    }

    #[test]
    fn a_moved_ciphertext_does_not_open() {
        let ring = ring(&[("a", 1)]);
        let sealed = ring.seal(&HERE, b"x", &Counting::default());
        let elsewhere = [
            Place { table: "own_keys", ..HERE },
            Place { column: "ivms101_beneficiary", ..HERE },
            Place { row: "7f3d", ..HERE },
            Place { table: "verificationsivms101_originator", column: "", ..HERE },
        ];
        for place in elsewhere {
            assert_eq!(ring.open(&place, &sealed), Err(OpenError::NotAuthentic), "{place:?}");
        }
    }

    #[test]
    fn rotation_keeps_old_values_readable() {
        let old = ring(&[("a", 1)]);
        let new = ring(&[("b", 2), ("a", 1)]);
        let sealed = old.seal(&HERE, b"x", &Counting::default());
        assert_eq!(new.open(&HERE, &sealed).unwrap().as_slice(), b"x");
        assert_eq!(new.sealing_key_name(), "b");
        assert!(new.seal(&HERE, b"x", &Counting::default()).starts_with("b."));
        let without = ring(&[("b", 2)]);
        assert_eq!(without.open(&HERE, &sealed), Err(OpenError::UnknownKey("a".to_owned())));
    }

    #[test]
    fn altered_renamed_or_broken_values_do_not_open() {
        let ring = ring(&[("a", 1), ("b", 1)]);
        let sealed = ring.seal(&HERE, b"x", &Counting::default());
        assert_eq!(
            ring.open(&HERE, &sealed.replace("a.", "b.")),
            Err(OpenError::NotAuthentic),
            "same bytes, other name"
        );
        let mut altered = text::decode(&sealed[2..]).unwrap();
        for at in 0..altered.len() {
            altered[at] ^= 1;
            let text = format!("a.{}", text::encode(&altered));
            assert_eq!(ring.open(&HERE, &text), Err(OpenError::NotAuthentic), "byte {at}");
            altered[at] ^= 1;
        }
        for broken in ["", "a", ".", "a.", "a.AAAA", "a.%", "A.AAAA", &sealed[..20], &format!("{sealed}=")] {
            assert_eq!(ring.open(&HERE, broken), Err(OpenError::Malformed), "{broken}");
        }
    }

    #[test]
    fn a_name_that_changed_its_key_is_told() {
        let known = ring(&[("b", 2), ("a", 1)]);
        assert_eq!(ring(&[("c", 3), ("a", 1), ("b", 2)]).conflict_with(&known), None);
        assert_eq!(ring(&[("c", 3), ("a", 9)]).conflict_with(&known), Some("a"));
    }

    #[test]
    fn keys_of_another_ring_are_put_behind() {
        let (new, old) = (ring(&[("c", 3), ("b", 2)]), ring(&[("b", 9), ("a", 1), ("z", 7)]));
        let both = new.with_keys_of(&old, &["a".to_owned(), "b".to_owned(), "unknown".to_owned()]);
        assert_eq!(both.names().collect::<Vec<_>>(), ["c", "b", "a"]);
        let sealed = ring(&[("a", 1)]).seal(&HERE, b"x", &Counting::default());
        assert_eq!(both.open(&HERE, &sealed).unwrap().as_slice(), b"x");
        assert_eq!(both.conflict_with(&new), None, "its own keys stay");
        let some = both.only(&["a".to_owned(), "c".to_owned()]).unwrap();
        assert_eq!(some.names().collect::<Vec<_>>(), ["c", "a"]);
        assert!(both.only(&["x".to_owned()]).is_none());
    }

    #[test]
    fn a_sealed_value_names_its_key() {
        assert!(Keyring::is_sealed_with("k1.AAAA", "k1"));
        for (sealed, name) in
            [("k10.AAAA", "k1"), ("k1", "k1"), ("k1-.AAAA", "k1"), ("", "k1"), ("k1.A", "k")]
        {
            assert!(!Keyring::is_sealed_with(sealed, name), "{sealed} {name}");
        }
    }

    #[test]
    fn debug_shows_names_only() {
        assert_eq!(format!("{:?}", ring(&[("b", 2), ("a", 1)])), r#"Keyring { names: ["b", "a"], .. }"#);
    }

    const SUNSCREEN: &[u8] = b"Ladies and Gentlemen of the class of '99: \
        If I could offer you only one tip for the future, sunscreen would be it.";

    /// draft-irtf-cfrg-xchacha-03, A.3.1.
    #[test]
    fn xchacha_known_answer() {
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
        let nonce: [u8; NONCE] = std::array::from_fn(|at| 0x40 + at as u8);
        let aad = unhex("50515253c0c1c2c3c4c5c6c7");
        let ciphertext = unhex(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e\
             1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e\
             c0875924c1c7987947deafd8780acf49",
        );
        assert_eq!(encrypt(&key, &nonce, &aad, SUNSCREEN), ciphertext);
        assert_eq!(decrypt(&key, &nonce, &aad, &ciphertext).unwrap().as_slice(), SUNSCREEN);
    }

    /// RFC 8439, 2.8.2: the cipher inside XChaCha and HPKE.
    #[test]
    fn chacha_known_answer() {
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
        let nonce: [u8; 12] = unhex("070000004041424344454647").try_into().unwrap();
        let aad = unhex("50515253c0c1c2c3c4c5c6c7");
        let ciphertext = unhex(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b6\
             7ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116\
             1ae10b594f09e26a7e902ecbd0600691",
        );
        let got = ChaCha20Poly1305::new(&key.into())
            .encrypt(&Nonce::from(nonce), Payload { msg: SUNSCREEN, aad: &aad })
            .unwrap();
        assert_eq!(got, ciphertext);
    }
}
