//! What ties a response to its request.

use http::HeaderMap;
use uuid::Uuid;
use waybill_domain::VaspId;

use super::{envelope, fields, input};
use crate::headers::{RECIPIENT, SENDER};

/// A request and the response that is to come, named by the request: both sides keep it in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Who asked.
    pub sender: VaspId,
    /// Who was asked.
    pub recipient: VaspId,
    /// Id of the request.
    pub message_id: Uuid,
    /// Signature of the request; the response's signature covers it.
    pub signature: Vec<u8>,
}

impl Exchange {
    /// Reads it from a request that may be wrong otherwise, so that its refusal can be signed. `None` when it cannot be
    /// read: the refusal then goes unsigned.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        Some(Self {
            sender: fields::parsed(headers, &SENDER).ok()?,
            recipient: fields::parsed(headers, &RECIPIENT).ok()?,
            message_id: envelope::message_id(headers).ok()?,
            signature: input::read_signature(headers).ok()?,
        })
    }
}
