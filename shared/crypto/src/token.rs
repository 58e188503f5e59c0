//! API keys of the ingress API: `wbk_<id>_<secret>`.
//!
//! The database keeps a plain SHA-256. Slow, salted hashes protect secrets that people choose; this secret is 256 random
//! bits, which no amount of guessing finds, so a fast hash is as strong and costs nothing per request.

use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use waybill_domain::{ApiKeyId, Entropy};
use zeroize::Zeroizing;

use crate::text;

const PREFIX: &str = "wbk_";

/// A token as its owner holds it.
pub struct ApiToken {
    id: ApiKeyId,
    text: SecretString,
}

/// What the database keeps of a token.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

/// Text that is no token or no hash of one. Never repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid API key")]
pub struct TokenError;

impl ApiToken {
    /// A fresh token: 16 hexadecimal characters of id, 32 random bytes of secret.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let (mut id, mut secret) = ([0; 8], Zeroizing::new([0; 32]));
        entropy.fill(&mut id);
        entropy.fill(&mut *secret);
        let id = format!("{:016x}", u64::from_be_bytes(id));
        let secret = Zeroizing::new(text::encode(&*secret));
        Self { text: format!("{PREFIX}{id}_{}", *secret).into(), id: ApiKeyId(id) }
    }

    /// Reads a token as a caller presents it; says nothing about whether it is known.
    pub fn parse(token: &str) -> Result<Self, TokenError> {
        let (id, secret) =
            token.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).ok_or(TokenError)?;
        let well_formed = id.len() == 16 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        text::decode_32(secret).map_err(|_| TokenError)?;
        if well_formed {
            Ok(Self { id: ApiKeyId(id.to_owned()), text: token.into() })
        } else {
            Err(TokenError)
        }
    }

    /// The public part: what logs and the audit may show, and what the hash is looked up by.
    pub fn id(&self) -> &ApiKeyId {
        &self.id
    }

    /// The whole token: shown once to the operator who made it.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// What to store, and what to compare with what is stored.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.expose()).into())
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiToken({}, ..)", self.id)
    }
}

impl TokenHash {
    /// Compares in constant time. There is no `==`, so that no other comparison is used by mistake.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for TokenHash {
    /// Base64url without padding, 43 characters: the form in the database.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::encode(&self.0))
    }
}

impl FromStr for TokenHash {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        text::decode_32(text).map(|bytes| Self(*bytes)).map_err(|_| TokenError)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_entropy::Counting;

    #[test]
    fn a_fresh_token_is_readable_and_matches_its_stored_hash() {
        let token = ApiToken::generate(&Counting::default());
        assert_eq!(token.expose(), "wbk_0001020304050607_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic");
        let presented = ApiToken::parse(token.expose()).unwrap();
        assert_eq!(presented.id().to_string(), "0001020304050607");
        let stored: TokenHash = token.hash().to_string().parse().unwrap();
        assert!(stored.matches(&presented.hash()));
    }

    #[test]
    fn another_id_or_secret_does_not_match() {
        let token = ApiToken::generate(&Counting::default());
        for (from, to) in [("wbk_00", "wbk_10"), ("_CA", "_DA")] {
            let forged = ApiToken::parse(&token.expose().replace(from, to)).unwrap();
            assert!(!forged.hash().matches(&token.hash()), "{from}");
        }
    }

    #[test]
    fn malformed_tokens_are_refused() {
        let good = ApiToken::generate(&Counting::default());
        let good = good.expose();
        for bad in
            ["", "wbk_", &good[4..], &good.to_uppercase(), &good[..60], &format!("{good}A"), "wbk_00_AAAA"]
        {
            assert!(ApiToken::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_with_underscores_are_read_whole() {
        let token = format!("wbk_0001020304050607_{}", "_".repeat(42) + "8");
        assert!(ApiToken::parse(&token).is_ok());
    }

    #[test]
    fn debug_shows_the_id_only() {
        let token = ApiToken::generate(&Counting::default());
        assert_eq!(format!("{token:?} {:?}", token.hash()), "ApiToken(0001020304050607, ..) TokenHash(..)");
    }
}
