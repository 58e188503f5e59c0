//! A checked answer.

use http::StatusCode;
use waybill_protocol::SealContext;

/// What a member answered: its signature is good and it belongs to our message.
#[derive(Debug, Clone)]
pub struct PeerAnswer<T> {
    /// 200 or 202.
    pub status: StatusCode,
    /// The body.
    pub body: T,
    /// What a sealed payload in the body is bound to.
    pub context: SealContext,
}
