//! Texts of bounded length, and the names of keys.

use sha2::{Digest as _, Sha256};

/// The first so many characters of a text.
pub fn cut(text: &str, characters: usize) -> &str {
    match text.char_indices().nth(characters) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// A name of a secret that may stand in records: 8 hex digits of its SHA-256. It tells two keys apart and says nothing
/// of them.
pub fn credential_id(secret: &str) -> String {
    hex::encode(&Sha256::digest(secret.as_bytes())[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        for (text, characters, expected) in [
            ("SimpleSwap", 6, "Simple"),
            ("김재원", 2, "김재"),
            ("🦀🦀", 1, "🦀"),
            ("ab", 2, "ab"),
            ("", 3, ""),
            ("ab", 0, ""),
        ] {
            assert_eq!(cut(text, characters), expected);
        }
    }

    #[test]
    fn keys_are_told_apart_by_their_digest() {
        assert_eq!(credential_id("abc"), "ba7816bf"); // FIPS 180-4, example 1
        assert_ne!(credential_id("abd"), credential_id("abc"));
    }
}
