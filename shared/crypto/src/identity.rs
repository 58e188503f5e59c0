//! A VASP's identity keys: Ed25519 (RFC 8032). They sign messages between nodes, and the alliance's directory.

use std::fmt;

use ed25519_dalek::Signer as _;
use waybill_domain::Entropy;
use zeroize::Zeroizing;

use crate::text::{self, KeyError};

/// A key that signs. Wiped from memory when dropped.
#[derive(Clone)]
pub struct IdentityKey(ed25519_dalek::SigningKey);

/// The public half: checks signatures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

/// A signature that does not fit the message and the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit the message and the key")]
pub struct BadSignature;

impl IdentityKey {
    /// A fresh key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(&mut *seed);
        Self::from_seed(&seed)
    }

    /// The key that belongs to a 32-byte seed (RFC 8032's private key).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads the seed in base64, either alphabet, padded or not.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        text::decode_32_lenient(text).map(|seed| Self::from_seed(&seed))
    }

    /// The seed in base64url without padding: for the operator's secret store, never for the wire.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(text::encode(self.0.as_bytes()))
    }

    /// Signs `message`: 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Short public name, see [`VerifyingKey::key_id`].
    pub fn key_id(&self) -> String {
        self.verifying_key().key_id()
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityKey({}, ..)", self.key_id())
    }
}

impl VerifyingKey {
    /// Reads base64url without padding. Text that is no point, or one of small order, is refused.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = text::decode_32(text)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Weak)?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self(key)) }
    }

    /// Checks a signature strictly: none but the canonical form passes, so a signature cannot be altered and stay valid.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| BadSignature)?;
        self.0.verify_strict(message, &signature).map_err(|_| BadSignature)
    }

    /// Short public name: the first 16 base64url characters (96 bits) of the SHA-256 of the key.
    pub fn key_id(&self) -> String {
        text::key_id(self.0.as_bytes())
    }
}

impl fmt::Display for VerifyingKey {
    /// Base64url without padding.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_entropy::{Counting, unhex};

    fn verifying(hex: &str) -> Result<VerifyingKey, KeyError> {
        VerifyingKey::parse(&text::encode(&unhex(hex)))
    }

    /// RFC 8032, 7.1, TEST 2.
    #[test]
    fn ed25519_known_answer() {
        let seed = unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        let key = IdentityKey::from_seed(&seed.try_into().unwrap());
        let public = verifying("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").unwrap();
        assert_eq!(key.verifying_key(), public);
        let signature = unhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        assert_eq!(key.sign(&[0x72]).to_vec(), signature);
        assert_eq!(public.verify(&[0x72], &signature), Ok(()));
        assert_eq!(public.verify(&[0x73], &signature), Err(BadSignature));
        assert_eq!(public.verify(&[0x72], &signature[..63]), Err(BadSignature));
    }

    #[test]
    fn a_malleated_signature_is_refused() {
        // S + L: the same equation modulo the group order, another spelling.
        const L: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let key = IdentityKey::generate(&Counting::default());
        let mut signature = key.sign(b"x");
        let mut carry = 0;
        for (byte, add) in signature[32..].iter_mut().zip(L) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            (*byte, carry) = (sum as u8, sum >> 8);
        }
        assert_eq!(key.verifying_key().verify(b"x", &signature), Err(BadSignature));
    }

    #[test]
    fn points_of_small_order_are_no_keys() {
        for weak in [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "0200000000000000000000000000000000000000000000000000000000000000", // not on the curve
        ] {
            assert_eq!(verifying(weak), Err(KeyError::Weak), "{weak}");
        }
    }

    #[test]
    fn keys_survive_their_text_form() {
        let key = IdentityKey::generate(&Counting::default());
        assert_eq!(IdentityKey::parse(&key.to_text()).unwrap().verifying_key(), key.verifying_key());
        assert_eq!(VerifyingKey::parse(&key.verifying_key().to_string()), Ok(key.verifying_key()));
        assert_eq!(key.key_id(), key.verifying_key().key_id());
        assert_eq!(key.key_id().len(), 16);
        assert!(!format!("{key:?}").contains(key.to_text().as_str()));
    }
}
