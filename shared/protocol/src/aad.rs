//! What a sealed payload is bound to.

use uuid::Uuid;
use waybill_crypto::length_prefixed;
use waybill_domain::{VaspId, VerificationUuid};

use crate::ProtocolVersion;
use crate::messages::MessageType;

/// Which half of an exchange a payload belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The request's body.
    Request,
    /// The response's body.
    Response,
}

/// Everything a sealed payload is bound to besides its key. Moved to any other message, it does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealContext {
    /// Version of the protocol.
    pub version: ProtocolVersion,
    /// The message that carries the payload.
    pub message: MessageType,
    /// Request or response.
    pub part: Part,
    /// Who seals.
    pub sender: VaspId,
    /// Who opens.
    pub recipient: VaspId,
    /// Id of the message; a response has its request's.
    pub message_id: Uuid,
    /// The verification, where the message is about one.
    pub verification: Option<VerificationUuid>,
}

impl SealContext {
    /// The context of the response, given that of the request: the two sides change places.
    #[must_use]
    pub const fn response(self) -> Self {
        Self { part: Part::Response, sender: self.recipient, recipient: self.sender, ..self }
    }

    /// Associated data for the key `key_id`: each field in UTF-8 after its length (32 bits, big endian).
    ///
    /// In order: version, message type (`verifications`, or `verifications/response`), sender, recipient, message id,
    /// verification or nothing, key id.
    pub fn associated_data(&self, key_id: &str) -> Vec<u8> {
        let message = match self.part {
            Part::Request => self.message.as_str().to_owned(),
            Part::Response => format!("{}/response", self.message.as_str()),
        };
        length_prefixed(&[
            self.version.to_string(),
            message,
            self.sender.to_string(),
            self.recipient.to_string(),
            self.message_id.as_hyphenated().to_string(),
            self.verification.map(|uuid| uuid.to_string()).unwrap_or_default(),
            key_id.to_owned(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> SealContext {
        SealContext {
            version: ProtocolVersion::CURRENT,
            message: MessageType::Verifications,
            part: Part::Request,
            sender: VaspId::new(1),
            recipient: VaspId::new(22),
            message_id: Uuid::from_bytes([0x11; 16]),
            verification: Some(VerificationUuid::from_random([7; 16])),
        }
    }

    #[test]
    fn the_bytes_are_as_documented() {
        let context = SealContext { verification: None, ..context() };
        let expected = [
            b"\0\0\0\x011".as_slice(),
            b"\0\0\0\x0dverifications",
            b"\0\0\0\x011",
            b"\0\0\0\x0222",
            b"\0\0\0\x2411111111-1111-1111-1111-111111111111",
            b"\0\0\0\0",
            b"\0\0\0\x03kid",
        ]
        .concat();
        assert_eq!(context.associated_data("kid"), expected);
    }

    #[test]
    fn every_field_changes_the_bytes() {
        let base = context();
        let others = [
            SealContext { message: MessageType::Accounts, ..base },
            SealContext { part: Part::Response, ..base },
            SealContext { sender: VaspId::new(2), ..base },
            SealContext { recipient: VaspId::new(1), ..base },
            SealContext { message_id: Uuid::nil(), ..base },
            SealContext { verification: None, ..base },
            base.response(),
        ];
        for other in others {
            assert_ne!(other.associated_data("k"), base.associated_data("k"), "{other:?}");
        }
        assert_ne!(base.associated_data("l"), base.associated_data("k"));
    }

    #[test]
    fn a_payload_to_oneself_cannot_come_back_as_the_answer() {
        let base = SealContext { recipient: VaspId::new(1), ..context() };
        assert_ne!(base.response().associated_data("k"), base.associated_data("k"));
    }
}
