//! Answers in JSON, refusals included.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use waybill_domain::Fault;

/// 200 with a JSON body.
pub(crate) fn ok(body: &Value) -> Response {
    with_status(StatusCode::OK, body)
}

/// Any status with a JSON body.
pub(crate) fn with_status(status: StatusCode, body: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (status, content_type, Body::from(body.to_string())).into_response()
}

/// A refusal as `{"code", "message"}`.
pub(crate) struct Refusal(pub(crate) Fault);

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(fault) = self;
        let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = with_status(status, &json!({"code": fault.code, "message": fault.message}));
        if let Some(seconds) = fault.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
