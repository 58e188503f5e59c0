//! `content-digest` (RFC 9530) with SHA-256.

use sfv::{Dictionary, KeyRef, ListEntry, Parser};
use sha2::{Digest as _, Sha256};

/// SHA-256 of a body.
pub type BodyDigest = [u8; 32];

const ALGORITHM: &str = "sha-256";

/// The digest of a body.
pub fn of(body: &[u8]) -> BodyDigest {
    Sha256::digest(body).into()
}

/// The header's value for a digest: `sha-256=:…:`.
pub fn to_header(digest: &BodyDigest) -> String {
    let mut value = sfv::DictSerializer::new();
    // Cannot fail: the name is a constant with legal characters.
    let _ = value.bare_item(KeyRef::from_str(ALGORITHM).unwrap(), digest.as_slice());
    value.finish().unwrap_or_default()
}

/// The SHA-256 in a header's value; other algorithms beside it are ignored. `None` when there is no readable one.
pub fn from_header(value: &str) -> Option<BodyDigest> {
    let digests: Dictionary = Parser::new(value).parse().ok()?;
    match digests.get(ALGORITHM)? {
        ListEntry::Item(item) => item.bare_item.as_byte_sequence()?.try_into().ok(),
        ListEntry::InnerList(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9530, appendix B.1; the body ends with a line feed.
    #[test]
    fn rfc_9530_known_answer() {
        let header = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        let digest = of(b"{\"hello\": \"world\"}\n");
        assert_eq!(to_header(&digest), header);
        assert_eq!(from_header(header), Some(digest));
    }

    /// RFC 9421, 2.5 (the body without a line feed).
    #[test]
    fn rfc_9421_known_answer() {
        let header = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
        assert_eq!(to_header(&of(br#"{"hello": "world"}"#)), header);
    }

    #[test]
    fn other_algorithms_are_ignored_and_nonsense_is_none() {
        let ours = to_header(&of(b""));
        assert_eq!(from_header(&format!("sha-512=:AAAA:, {ours}, unixsum=1")), Some(of(b"")));
        for bad in [
            "",
            "sha-512=:AAAA:",
            "sha-256=AAAA",
            "sha-256=:AAAA:",
            "sha-256=(1 2)",
            "sha-256",
            "=",
            "sha-256=:%:",
        ] {
            assert_eq!(from_header(bad), None, "{bad}");
        }
    }
}
