//! One signed HTTP exchange.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;
use waybill_domain::VaspId;
use waybill_egress::{Answer, Call, EgressClass, EgressError, ProtocolFault};
use waybill_protocol::{Exchange, RequestParts, SealContext, SignedRequest, sign_request, verify_response};
use waybill_runtime::Traceparent;

use super::refusal::read_refusal;
use super::{PeerError, Peers, Unavailability};

/// Room for a sealed answer of a backend, encoded twice.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// What a member says to a signature by a key that its directory does not list for us.
const KEY_REFUSED: &str = "IDENTITY-KEY-NOT-VALID";

impl Peers {
    /// Signs and sends `body`, checks the answer's signature, and turns refusals into errors.
    pub(super) async fn exchange(
        &self,
        message: &SealContext,
        body: Bytes,
        patience: Duration,
    ) -> Result<(StatusCode, Bytes), PeerError> {
        if patience.is_zero() {
            return Err(PeerError::unavailable(Unavailability::Timeout)); // and no failure of the peer
        }
        let to = message.recipient;
        let url = self.url_of(message)?;
        let parts = RequestParts {
            method: &Method::POST,
            path: url.path(),
            sender: message.sender,
            recipient: to,
            message_id: message.message_id,
        };
        let SignedRequest { mut headers, exchange } =
            sign_request(&parts, &body, self.ctx.signing_key(), self.ctx.clock.now());
        if let Some(trace) = Traceparent::current() {
            trace.write(&mut headers);
        }
        let call = self.call(to, url, headers, body, patience);
        let answer = self.egress.send(call).await.map_err(peer_error)?;
        self.judge(&exchange, answer)
    }

    fn url_of(&self, message: &SealContext) -> Result<Url, PeerError> {
        let directory = self.ctx.directory.current();
        let member = directory.member(message.recipient).ok_or(PeerError::NotAMember)?;
        Ok(member.endpoint.join(&message.message.path()))
    }

    fn call(&self, to: VaspId, url: Url, headers: HeaderMap, body: Bytes, timeout: Duration) -> Call {
        Call {
            class: EgressClass::Directory { allow: self.allow.clone() },
            destination: format!("vasp:{to}"),
            method: Method::POST,
            url,
            headers,
            body,
            timeout,
            max_answer_bytes: MAX_ANSWER_BYTES,
            concurrency: None,
            sign_of_life: Some(waybill_protocol::headers::PROTOCOL),
        }
    }

    fn judge(&self, exchange: &Exchange, answer: Answer) -> Result<(StatusCode, Bytes), PeerError> {
        let directory = self.ctx.directory.current();
        let now = self.ctx.clock.now();
        let retry_after = answer.retry_after(now);
        let Answer { status, headers, body, .. } = answer;
        let find_key = |owner, key_id: &str| directory.identity_key(owner, key_id, now);
        let signed = verify_response(exchange, status, &headers, &body, find_key, now);
        if status == StatusCode::BAD_GATEWAY && signed.is_ok() {
            return Err(read_refusal(status, &body, retry_after)); // the peer's node is up; its backend talks nonsense
        }
        if says_later(status) {
            // Believed unsigned too: what stands in front of the peer's node says so when the node is down.
            return Err(PeerError::Unavailable { why: Unavailability::Status(status.as_u16()), retry_after });
        }
        if let Err(fault) = signed {
            tracing::warn!(peer = %exchange.recipient, status = status.as_u16(), %fault, "the answer is not the peer's");
            return Err(PeerError::InvalidAnswer("its signature is not good"));
        }
        match status {
            StatusCode::OK | StatusCode::ACCEPTED => Ok((status, body)),
            _ if status.is_client_error() => {
                let refusal = read_refusal(status, &body, retry_after);
                if refusal.code() == KEY_REFUSED {
                    tracing::error!(
                        alarm = "identity-key", peer = %exchange.recipient,
                        "a member refuses the key that signs for us: has it read the directory that lists the key?"
                    );
                }
                Err(refusal)
            }
            _ => Err(PeerError::InvalidAnswer("its status has no meaning")),
        }
    }
}

fn says_later(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

fn peer_error(error: EgressError) -> PeerError {
    match error {
        EgressError::Timeout => PeerError::unavailable(Unavailability::Timeout),
        EgressError::Connect(_) => PeerError::unavailable(Unavailability::Connection),
        EgressError::Busy { retry_after } => {
            PeerError::Unavailable { why: Unavailability::Busy, retry_after }
        }
        EgressError::BreakerOpen { retry_after } => {
            PeerError::Unavailable { why: Unavailability::Suspended, retry_after: Some(retry_after) }
        }
        EgressError::AnswerTooLarge { .. } => PeerError::InvalidAnswer("it is too large"),
        EgressError::Protocol(ProtocolFault::Lost | ProtocolFault::NotHttp) => {
            PeerError::unavailable(Unavailability::Connection)
        }
        EgressError::Protocol(ProtocolFault::Request) => PeerError::NotSent("not an HTTP request"),
        EgressError::Refused(refusal) => {
            tracing::warn!(%refusal, "the directory names an endpoint that is not called");
            PeerError::NotAMember
        }
    }
}
