//! Sealing a message's payload into its wire form, and opening it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use waybill_crypto::{BoxError, EncryptionPrivateKey, EncryptionPublicKey, seal_to};
use waybill_domain::{Entropy, Fault, codes};
use zeroize::Zeroizing;

use crate::SealContext;
use crate::messages::{SUITE, Sealed};

/// Why a payload could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealMessageError {
    /// The payload does not turn into JSON.
    #[error("the payload cannot be written as JSON")]
    NotJson,
    /// The key does not seal.
    #[error(transparent)]
    Box(#[from] BoxError),
}

/// Why a payload could not be opened. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenMessageError {
    /// Sealed with another suite.
    #[error("the payload is sealed with an unknown suite")]
    UnknownSuite,
    /// Not base64url.
    #[error("the sealed payload is malformed")]
    Malformed,
    /// Altered, moved from another message, or sealed to another key.
    #[error("the payload does not open in this message")]
    NotOpened,
    /// Opened, and not the JSON that was expected.
    #[error("the payload was opened and is not what the message needs")]
    Invalid,
}

impl From<OpenMessageError> for Fault {
    fn from(error: OpenMessageError) -> Self {
        match error {
            OpenMessageError::Invalid => codes::invalid_payload(),
            OpenMessageError::UnknownSuite | OpenMessageError::Malformed | OpenMessageError::NotOpened => {
                codes::unreadable_payload()
            }
        }
    }
}

/// Seals `payload` as JSON to the key that its owner calls `key_id`.
pub fn seal_message<T: Serialize>(
    context: &SealContext,
    key_id: &str,
    key: &EncryptionPublicKey,
    payload: &T,
    entropy: &dyn Entropy,
) -> Result<Sealed, SealMessageError> {
    let plaintext = Zeroizing::new(serde_json::to_vec(payload).map_err(|_| SealMessageError::NotJson)?);
    let sealed = seal_to(key, &context.associated_data(key_id), &plaintext, entropy)?;
    Ok(Sealed::new(key_id, &sealed))
}

/// Opens what [`seal_message`] made in the same context. The caller has found the key by [`Sealed::key_id`].
pub fn open_message<T: DeserializeOwned>(
    context: &SealContext,
    key: &EncryptionPrivateKey,
    sealed: &Sealed,
) -> Result<T, OpenMessageError> {
    if sealed.suite != SUITE {
        return Err(OpenMessageError::UnknownSuite);
    }
    let sealed_box = sealed.to_box().ok_or(OpenMessageError::Malformed)?;
    let aad = context.associated_data(&sealed.key_id);
    let plaintext = waybill_crypto::open(key, &aad, &sealed_box).map_err(|_| OpenMessageError::NotOpened)?;
    // The library's error may quote a value, so it is dropped.
    serde_json::from_slice(&plaintext).map_err(|_| OpenMessageError::Invalid)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;
    use waybill_crypto::EncryptionKeyPair;
    use waybill_domain::{VaspId, VerificationUuid};
    use waybill_testkit::SeededEntropy;

    use super::*;
    use crate::messages::{AccountQuestion, MessageType};
    use crate::{Part, ProtocolVersion};

    fn context() -> SealContext {
        SealContext {
            version: ProtocolVersion::CURRENT,
            message: MessageType::Accounts,
            part: Part::Request,
            sender: VaspId::new(1),
            recipient: VaspId::new(2),
            message_id: Uuid::from_bytes([3; 16]),
            verification: None,
        }
    }

    fn sealed(payload: &Value) -> (EncryptionKeyPair, Sealed) {
        let entropy = SeededEntropy::new(1);
        let pair = EncryptionKeyPair::generate(&entropy);
        let sealed = seal_message(&context(), "k1", &pair.public, payload, &entropy).unwrap();
        (pair, sealed)
    }

    fn question() -> Value {
        json!({"version": "1.0", "ivms101": {"beneficiary": {"accountNumber": ["0x58"]}}})
    }

    #[test]
    fn a_payload_arrives_through_json() {
        let (pair, sealed) = sealed(&question());
        let sealed: Sealed = serde_json::from_str(&serde_json::to_string(&sealed).unwrap()).unwrap();
        let got: AccountQuestion = open_message(&context(), &pair.private, &sealed).unwrap();
        assert_eq!(serde_json::to_value(got).unwrap(), question());
    }

    #[test]
    fn a_moved_or_altered_payload_does_not_open() {
        let (pair, sealed) = sealed(&question());
        let elsewhere = [
            SealContext { sender: VaspId::new(3), ..context() },
            SealContext { message_id: Uuid::nil(), ..context() },
            SealContext { verification: Some(VerificationUuid::from_random([1; 16])), ..context() },
            context().response(),
        ];
        for context in elsewhere {
            let got = open_message::<Value>(&context, &pair.private, &sealed);
            assert_eq!(got, Err(OpenMessageError::NotOpened), "{context:?}");
        }
        let renamed = Sealed { key_id: "k2".to_owned(), ..sealed.clone() };
        assert_eq!(
            open_message::<Value>(&context(), &pair.private, &renamed),
            Err(OpenMessageError::NotOpened)
        );
        let other_suite = Sealed { suite: "RSA".to_owned(), ..sealed.clone() };
        assert_eq!(
            open_message::<Value>(&context(), &pair.private, &other_suite),
            Err(OpenMessageError::UnknownSuite)
        );
        let broken = Sealed { enc: "%".to_owned(), ..sealed };
        assert_eq!(
            open_message::<Value>(&context(), &pair.private, &broken),
            Err(OpenMessageError::Malformed)
        );
    }

    #[test]
    fn an_opened_payload_of_another_form_is_invalid_and_not_quoted() {
        let (pair, sealed) = sealed(&json!({"version": {"name": "Taylor"}}));
        let error = open_message::<AccountQuestion>(&context(), &pair.private, &sealed).unwrap_err();
        assert_eq!(error, OpenMessageError::Invalid);
        assert!(!format!("{error} {error:?}").contains("Taylor"));
        assert_eq!(Fault::from(error).code, "INVALID-PAYLOAD");
    }
}
