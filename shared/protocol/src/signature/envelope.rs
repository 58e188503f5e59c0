//! The headers that a request and a response have in common.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, HeaderName};
use uuid::Uuid;
use waybill_domain::VaspId;

use super::base::SignatureBase;
use super::{SignatureFault, fields};
use crate::ProtocolVersion;
use crate::digest::{self, BodyDigest};
use crate::headers::{CONTENT_DIGEST, MESSAGE_ID, PROTOCOL, RECIPIENT, SENDER};

/// Who says what to whom.
pub(super) struct Envelope {
    pub version: ProtocolVersion,
    pub sender: VaspId,
    pub recipient: VaspId,
    pub message_id: Uuid,
    pub digest: BodyDigest,
}

impl Envelope {
    /// Reads it, the version first: another version may have other headers.
    pub fn read(headers: &HeaderMap) -> Result<Self, SignatureFault> {
        let version = fields::parsed(headers, &PROTOCOL).map_err(|_| SignatureFault::UnsupportedVersion)?;
        let digest = digest::from_header(fields::one(headers, &CONTENT_DIGEST)?);
        Ok(Self {
            version,
            sender: fields::parsed(headers, &SENDER)?,
            recipient: fields::parsed(headers, &RECIPIENT)?,
            message_id: message_id(headers)?,
            digest: digest.ok_or(SignatureFault::Unparsable(CONTENT_DIGEST))?,
        })
    }

    /// The headers to send, without those of the signature.
    pub fn to_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, text) in [
            (CONTENT_DIGEST, digest::to_header(&self.digest)),
            (PROTOCOL, self.version.to_string()),
            (SENDER, self.sender.to_string()),
            (RECIPIENT, self.recipient.to_string()),
            (MESSAGE_ID, self.message_id.as_hyphenated().to_string()),
        ] {
            headers.insert(name, header_value(&text));
        }
        headers
    }

    /// The lines of the signature base that requests and responses share, with the values as they travel.
    pub fn add_lines(headers: &HeaderMap, base: &mut SignatureBase) -> Result<(), SignatureFault> {
        for name in [CONTENT_DIGEST, PROTOCOL, SENDER, RECIPIENT, MESSAGE_ID] {
            base.line(&format!("\"{name}\""), fields::one(headers, &name)?);
        }
        Ok(())
    }
}

/// The message id, in the hyphenated form only.
pub(super) fn message_id(headers: &HeaderMap) -> Result<Uuid, SignatureFault> {
    let hyphenated = fields::one(headers, &MESSAGE_ID)?.len() == 36;
    let id = fields::parsed(headers, &MESSAGE_ID)?;
    if hyphenated { Ok(id) } else { Err(SignatureFault::Unparsable(MESSAGE_ID)) }
}

/// A header's value from text that this crate made.
pub(super) fn header_value(text: &str) -> HeaderValue {
    // Cannot fail: numbers, ids, dates and base64 are visible ASCII.
    HeaderValue::from_str(text).unwrap()
}

/// Sets a header to text that this crate made.
pub(super) fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    headers.insert(name, header_value(text));
}
