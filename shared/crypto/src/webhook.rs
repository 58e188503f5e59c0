//! Signatures of callbacks after Standard Webhooks 1.0 (symmetric, `v1`), two secrets at once for rotation.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::text;

const PREFIX: &str = "whsec_";

/// One secret, or two while the receiver moves from one to the other.
pub struct WebhookSecrets(Vec<Zeroizing<Vec<u8>>>);

/// Why webhook secrets are unusable. Never repeats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookSecretError {
    /// None, or more than two.
    #[error("one or two webhook secrets are needed")]
    WrongNumber,
    /// Not `whsec_` and base64.
    #[error("a webhook secret must be whsec_ followed by base64")]
    Malformed,
    /// Outside the 24 to 64 bytes of the specification.
    #[error("a webhook secret must have 24 to 64 bytes")]
    WrongLength,
}

impl WebhookSecrets {
    /// Reads one or two secrets of the form `whsec_<base64>`, the newer one first.
    pub fn parse<S: AsRef<str>>(secrets: &[S]) -> Result<Self, WebhookSecretError> {
        if !(1..=2).contains(&secrets.len()) {
            return Err(WebhookSecretError::WrongNumber);
        }
        secrets.iter().map(|secret| parse_one(secret.as_ref())).collect::<Result<_, _>>().map(Self)
    }

    /// The value of `webhook-signature` for a delivery: `v1,<base64>`, one for each secret, separated by spaces.
    ///
    /// `id` is the value of `webhook-id`, `timestamp` (Unix seconds) that of `webhook-timestamp`, `body` the exact bytes sent.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let signatures: Vec<String> =
            self.0.iter().map(|secret| sign_one(secret, id, timestamp, body)).collect();
        signatures.join(" ")
    }
}

impl fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookSecrets({} hidden)", self.0.len())
    }
}

fn parse_one(secret: &str) -> Result<Zeroizing<Vec<u8>>, WebhookSecretError> {
    let base64 = secret.trim().strip_prefix(PREFIX).ok_or(WebhookSecretError::Malformed)?;
    let bytes = text::decode_lenient(base64).ok_or(WebhookSecretError::Malformed)?;
    if (24..=64).contains(&bytes.len()) { Ok(bytes) } else { Err(WebhookSecretError::WrongLength) }
}

fn sign_one(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    // Cannot fail: HMAC takes keys of every length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", text::encode_standard(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn sign(secrets: &[&str]) -> String {
        let secrets = WebhookSecrets::parse(secrets).unwrap();
        secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#)
    }

    /// The example that the libraries of Standard Webhooks are tested with.
    #[test]
    fn standard_webhooks_known_answer() {
        assert_eq!(sign(&[SECRET]), SIGNATURE);
    }

    #[test]
    fn two_secrets_give_two_signatures() {
        assert_eq!(sign(&[OTHER, SECRET]), format!("{} {SIGNATURE}", sign(&[OTHER])));
        assert_ne!(sign(&[OTHER]), SIGNATURE);
    }

    #[test]
    fn unusable_secrets_are_refused_without_showing_them() {
        let cases: [(&[&str], _); 6] = [
            (&[], WebhookSecretError::WrongNumber),
            (&[SECRET, SECRET, SECRET], WebhookSecretError::WrongNumber),
            (&["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], WebhookSecretError::Malformed),
            (&["whsec_%%%"], WebhookSecretError::Malformed),
            (&["whsec_AAEC"], WebhookSecretError::WrongLength),
            (&[SECRET, "whsec_"], WebhookSecretError::WrongLength),
        ];
        for (secrets, error) in cases {
            assert_eq!(WebhookSecrets::parse(secrets).err(), Some(error), "{secrets:?}");
        }
        assert_eq!(format!("{:?}", WebhookSecrets::parse(&[SECRET]).unwrap()), "WebhookSecrets(1 hidden)");
    }
}
