//! One request to our listener, signed well or badly.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use serde_json::Value;
use uuid::Uuid;
use waybill_crypto::IdentityKey;
use waybill_domain::{Timestamp, VaspId};
use waybill_protocol::{Exchange, RequestParts, sign_request};

use crate::fixture::{OURS, identity};

/// A message before it is signed.
#[derive(Clone)]
pub struct Letter {
    pub path: String,
    pub sender: VaspId,
    pub recipient: VaspId,
    pub message_id: Uuid,
    pub signed_at: Timestamp,
    pub identity: IdentityKey,
    pub body: String,
}

impl Letter {
    pub fn new(sender: VaspId, message: &str, message_id: Uuid, signed_at: Timestamp, body: &Value) -> Self {
        Self {
            path: format!("/peer/v1/{message}"),
            sender,
            recipient: OURS,
            message_id,
            signed_at,
            identity: identity(sender),
            body: body.to_string(),
        }
    }

    /// The request, changed by `tamper` after it was signed.
    pub fn request(
        &self,
        tamper: impl FnOnce(&mut HeaderMap, &mut String),
    ) -> (Request<Body>, Option<Exchange>) {
        let parts = RequestParts {
            method: &Method::POST,
            path: &self.path,
            sender: self.sender,
            recipient: self.recipient,
            message_id: self.message_id,
        };
        let signed = sign_request(&parts, self.body.as_bytes(), &self.identity, self.signed_at);
        let (mut headers, mut body) = (signed.headers, self.body.clone());
        tamper(&mut headers, &mut body);
        let exchange = Exchange::read(&headers);
        let mut request = Request::post(&self.path).body(Body::from(body)).unwrap();
        *request.headers_mut() = headers;
        (request, exchange)
    }
}
