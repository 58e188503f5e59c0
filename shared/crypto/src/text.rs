//! The text forms that keys share: base64url without padding out, a little more lenient for secrets from operators.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Why a text or a row of bytes is not a key. Never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base64 of the kind that is wanted.
    #[error("the key is not valid base64")]
    NotBase64,
    /// Not 32 bytes.
    #[error("the key must have 32 bytes")]
    WrongLength,
    /// A point of small order, or none at all: a secret made with it would be known to everybody.
    #[error("the key is not a usable point of the curve")]
    Weak,
}

/// Base64url without padding, the form on the wire and in the database.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The strict inverse of [`encode`]: each value has one spelling.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(text).ok().map(Zeroizing::new)
}

/// Exactly 32 bytes from strict base64url.
pub(crate) fn decode_32(text: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    to_32(&decode(text).ok_or(KeyError::NotBase64)?)
}

/// 32 bytes from what an operator may have pasted: either alphabet, with or without padding.
pub(crate) fn decode_32_lenient(text: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    to_32(&decode_lenient(text).ok_or(KeyError::NotBase64)?)
}

/// Bytes from either alphabet, with or without padding.
pub(crate) fn decode_lenient(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const EITHER: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    let standard = Zeroizing::new(text.trim().replace('-', "+").replace('_', "/"));
    EITHER.decode(standard.as_bytes()).ok().map(Zeroizing::new)
}

/// Base64 with padding, as Standard Webhooks wants it.
pub(crate) fn encode_standard(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Short public name of a public key: the first 16 base64url characters (96 bits) of its SHA-256.
pub(crate) fn key_id(public_key: &[u8; 32]) -> String {
    let mut id = encode(&Sha256::digest(public_key));
    id.truncate(16);
    id
}

fn to_32(bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut array = Zeroizing::new([0; 32]);
    if bytes.len() != array.len() {
        return Err(KeyError::WrongLength);
    }
    array.copy_from_slice(bytes);
    Ok(array)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strict_form_has_one_spelling() {
        let text = encode(&[0xfb; 32]);
        assert_eq!(*decode_32(&text).unwrap(), [0xfb; 32]);
        let with_padding = format!("{text}=");
        let standard = text.replace('-', "+").replace('_', "/");
        for other in [with_padding.as_str(), standard.as_str(), " ", "%"] {
            assert_eq!(decode_32(other).err(), Some(KeyError::NotBase64), "{other}");
        }
        assert_eq!(decode_32("").err(), Some(KeyError::WrongLength));
        assert_eq!(decode_32(&encode(&[1; 31])).err(), Some(KeyError::WrongLength));
    }

    #[test]
    fn operators_may_use_any_base64() {
        let standard = STANDARD.encode([0xfb; 32]);
        for text in
            [standard.clone(), standard.replace('=', ""), encode(&[0xfb; 32]), format!(" {standard}\n")]
        {
            assert_eq!(*decode_32_lenient(&text).unwrap(), [0xfb; 32], "{text}");
        }
    }

    #[test]
    fn key_ids_are_short_and_stable() {
        assert_eq!(key_id(&[0; 32]), "Zmh6rfhivXdsj8GL");
    }
}
