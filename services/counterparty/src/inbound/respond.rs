//! Signs the answer, whatever it is.

use axum::body::Body;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use waybill_context::Context;
use waybill_domain::codes;
use waybill_protocol::{Exchange, sign_response};
use waybill_runtime::http::fault_response;

use super::{Handled, Reply};

/// The response to a message. Without `exchange` the request was too broken for a signed one, and is refused.
pub(super) fn respond(ctx: &Context, exchange: Option<&Exchange>, handled: Handled) -> Response {
    let Some(exchange) = exchange else {
        return fault_response(&handled.err().unwrap_or_else(codes::signature_missing));
    };
    let retry_after = handled.as_ref().err().and_then(|fault| fault.retry_after);
    let reply = match handled.or_else(|fault| Reply::refusal(&fault)) {
        Ok(reply) => reply,
        Err(fault) => return fault_response(&fault),
    };
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = reply.body.as_bytes();
    let mut headers = sign_response(exchange, ctx.own_id, status, body, ctx.signing_key(), ctx.clock.now());
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
