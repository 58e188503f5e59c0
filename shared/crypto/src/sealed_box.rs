//! Sealing for a counterparty: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
//!
//! Base mode does not say who sealed; that is what the signature of the message is for.

use std::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};
use waybill_domain::{Entropy, EntropyRng};
use zeroize::Zeroizing;

use crate::text::{self, KeyError};

type Suite = X25519HkdfSha256;

/// HPKE's `info`: separates our boxes from every other use of the same suite.
const INFO: &[u8] = b"waybill sealed box v1";

/// A key that seals: public, given to counterparties.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionPublicKey(<Suite as hpke::Kem>::PublicKey);

/// A key that opens: stays in the node, wiped from memory when dropped.
#[derive(Clone)]
pub struct EncryptionPrivateKey(<Suite as hpke::Kem>::PrivateKey);

/// A matching pair.
#[derive(Clone)]
pub struct EncryptionKeyPair {
    /// The half that opens.
    pub private: EncryptionPrivateKey,
    /// The half that seals.
    pub public: EncryptionPublicKey,
}

/// What [`seal_to`] makes and [`open`] takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBox {
    /// HPKE's encapsulated key, 32 bytes.
    pub enc: Vec<u8>,
    /// Ciphertext and its tag of 16 bytes.
    pub ciphertext: Vec<u8>,
}

/// Why a box could not be made or opened. One value for all reasons, so that nobody learns which byte was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the box cannot be sealed or opened with this key and associated data")]
pub struct BoxError;

impl EncryptionKeyPair {
    /// A fresh pair.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let (private, public) = Suite::gen_keypair_with_rng(&mut EntropyRng(entropy));
        Self { private: EncryptionPrivateKey(private), public: EncryptionPublicKey(public) }
    }
}

impl EncryptionPublicKey {
    /// Reads base64url without padding. Points of small order are refused: everybody could open what they seal.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = text::decode_32(text)?;
        if is_low_order(&bytes) {
            return Err(KeyError::Weak);
        }
        <Suite as hpke::Kem>::PublicKey::from_bytes(&*bytes).map(Self).map_err(|_| KeyError::WrongLength)
    }

    /// Short public name: the first 16 base64url characters of the SHA-256 of the key.
    pub fn key_id(&self) -> String {
        text::key_id(&self.0.to_bytes().into())
    }
}

impl fmt::Display for EncryptionPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::encode(&self.0.to_bytes()))
    }
}

impl fmt::Debug for EncryptionPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionPublicKey({self})")
    }
}

impl EncryptionPrivateKey {
    /// Reads base64url without padding, as [`EncryptionPrivateKey::to_text`] writes it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = text::decode_32(text)?;
        <Suite as hpke::Kem>::PrivateKey::from_bytes(&*bytes).map(Self).map_err(|_| KeyError::WrongLength)
    }

    /// Base64url without padding: to be sealed at rest, never to be sent.
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(self.0.to_bytes().into());
        Zeroizing::new(text::encode(&*bytes))
    }

    /// The public half.
    pub fn public(&self) -> EncryptionPublicKey {
        EncryptionPublicKey(Suite::sk_to_pk(&self.0))
    }
}

impl fmt::Debug for EncryptionPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionPrivateKey(..)")
    }
}

impl fmt::Debug for EncryptionKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKeyPair").field("public", &self.public).finish_non_exhaustive()
    }
}

/// Seals `plaintext` so that only the holder of the private half of `to` opens it, and only with the same `aad`.
pub fn seal_to(
    to: &EncryptionPublicKey,
    aad: &[u8],
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<SealedBox, BoxError> {
    seal_with_info(to, INFO, aad, plaintext, entropy)
}

/// Opens a box that was sealed to the public half of `key` with the same `aad`.
pub fn open(
    key: &EncryptionPrivateKey,
    aad: &[u8],
    sealed: &SealedBox,
) -> Result<Zeroizing<Vec<u8>>, BoxError> {
    open_with_info(key, INFO, aad, sealed)
}

fn seal_with_info(
    to: &EncryptionPublicKey,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<SealedBox, BoxError> {
    let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &to.0,
        info,
        plaintext,
        aad,
        &mut EntropyRng(entropy),
    )
    .map_err(|_| BoxError)?;
    Ok(SealedBox { enc: enc.to_bytes().to_vec(), ciphertext })
}

fn open_with_info(
    key: &EncryptionPrivateKey,
    info: &[u8],
    aad: &[u8],
    sealed: &SealedBox,
) -> Result<Zeroizing<Vec<u8>>, BoxError> {
    let enc = <Suite as hpke::Kem>::EncappedKey::from_bytes(&sealed.enc).map_err(|_| BoxError)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &key.0,
        &enc,
        info,
        &sealed.ciphertext,
        aad,
    )
    .map(Zeroizing::new)
    .map_err(|_| BoxError)
}

/// All encodings of the points whose product with any X25519 private key is zero (RFC 7748, section 7).
/// X25519 ignores the top bit, so it is masked before comparing.
fn is_low_order(key: &[u8; 32]) -> bool {
    let mut masked = *key;
    masked[31] &= 0x7f;
    LOW_ORDER.contains(&masked)
}

const LOW_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    little_endian_ends(1, 0, 0),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
        0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    little_endian_ends(0xec, 0xff, 0x7f), // p − 1
    little_endian_ends(0xed, 0xff, 0x7f), // p, another spelling of 0
    little_endian_ends(0xee, 0xff, 0x7f), // p + 1, another spelling of 1
];

const fn little_endian_ends(first: u8, between: u8, last: u8) -> [u8; 32] {
    let mut bytes = [between; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_entropy::{Counting, Fixed, unhex};

    fn pair() -> EncryptionKeyPair {
        EncryptionKeyPair::generate(&Counting::default())
    }

    /// RFC 9180, A.2.1.1, sequence number 0.
    #[test]
    fn hpke_known_answer() {
        let entropy = unhex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b"); // ikmE
        let private = EncryptionPrivateKey(
            <Suite as hpke::Kem>::PrivateKey::from_bytes(&unhex(
                "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
            ))
            .unwrap(),
        );
        let public = private.public();
        assert_eq!(
            text::decode(&public.to_string()).unwrap().to_vec(),
            unhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
        );
        let info = unhex("4f6465206f6e2061204772656369616e2055726e");
        let plaintext = unhex("4265617574792069732074727574682c20747275746820626561757479");
        let sealed = seal_with_info(&public, &info, b"Count-0", &plaintext, &Fixed(&entropy)).unwrap();
        assert_eq!(sealed.enc, unhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"));
        assert_eq!(
            sealed.ciphertext,
            unhex(
                "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
            )
        );
        assert_eq!(*open_with_info(&private, &info, b"Count-0", &sealed).unwrap(), plaintext);
    }

    #[test]
    fn only_the_right_key_and_the_right_associated_data_open() {
        let (ours, entropy) = (pair(), Counting::default());
        let sealed = seal_to(&ours.public, b"aad", b"Taylor Robbins", &entropy).unwrap();
        assert_eq!(open(&ours.private, b"aad", &sealed).unwrap().as_slice(), b"Taylor Robbins");
        assert_eq!(open(&ours.private, b"aae", &sealed), Err(BoxError));
        let other = EncryptionKeyPair::generate(&Fixed(&[9; 32]));
        assert_eq!(open(&other.private, b"aad", &sealed), Err(BoxError));
    }

    #[test]
    fn an_altered_box_does_not_open() {
        let ours = pair();
        let sealed = seal_to(&ours.public, b"", b"x", &Counting::default()).unwrap();
        for at in 0..sealed.ciphertext.len() {
            let mut altered = sealed.clone();
            altered.ciphertext[at] ^= 1;
            assert_eq!(open(&ours.private, b"", &altered), Err(BoxError));
        }
        let other = EncryptionKeyPair::generate(&Fixed(&[9; 32])).public.0.to_bytes().to_vec();
        for enc in [vec![], vec![0; 32], vec![1; 31], other] {
            assert_eq!(open(&ours.private, b"", &SealedBox { enc, ..sealed.clone() }), Err(BoxError));
        }
        assert_eq!(open(&ours.private, b"", &SealedBox { ciphertext: vec![], ..sealed }), Err(BoxError));
    }

    #[test]
    fn two_boxes_of_the_same_text_differ() {
        let (ours, entropy) = (pair(), Counting::default());
        assert_ne!(seal_to(&ours.public, b"", b"x", &entropy), seal_to(&ours.public, b"", b"x", &entropy));
    }

    #[test]
    fn keys_survive_their_text_form() {
        let ours = pair();
        assert_eq!(EncryptionPublicKey::parse(&ours.public.to_string()).unwrap(), ours.public);
        let private = EncryptionPrivateKey::parse(&ours.private.to_text()).unwrap();
        assert_eq!(private.public(), ours.public);
        assert_eq!(ours.public.key_id().len(), 16);
    }

    #[test]
    fn low_order_points_are_refused_and_the_list_is_right() {
        for point in LOW_ORDER {
            // The library agrees that such a point gives a secret of zeros.
            let raw = EncryptionPublicKey(<Suite as hpke::Kem>::PublicKey::from_bytes(&point).unwrap());
            assert_eq!(seal_to(&raw, b"", b"x", &Counting::default()), Err(BoxError), "{point:02x?}");
            let mut top_bit_set = point;
            top_bit_set[31] |= 0x80;
            for bytes in [point, top_bit_set] {
                assert_eq!(
                    EncryptionPublicKey::parse(&text::encode(&bytes)),
                    Err(KeyError::Weak),
                    "{bytes:02x?}"
                );
            }
        }
        assert_eq!(EncryptionPublicKey::parse("AAAA"), Err(KeyError::WrongLength));
        assert_eq!(EncryptionPublicKey::parse("not base64"), Err(KeyError::NotBase64));
    }

    #[test]
    fn debug_hides_the_private_half() {
        let ours = pair();
        let shown = format!("{ours:?} {:?}", ours.private);
        assert!(!shown.contains(ours.private.to_text().as_str()));
    }
}
