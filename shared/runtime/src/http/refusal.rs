//! Refusals as HTTP responses: `{"code", "message"}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use waybill_domain::Fault;

#[derive(Serialize)]
struct RefusalBody<'a> {
    code: &'a str,
    message: &'a str,
}

/// The response that tells a caller about `fault`.
pub fn fault_response(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = RefusalBody { code: &fault.code, message: &fault.message };
    let mut response = (status, Json(body)).into_response();
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Lets handlers return `Result<_, Refusal>` and use `?` on a [`Fault`].
#[derive(Debug)]
pub struct Refusal(pub Fault);

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        fault_response(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_refusal_has_status_code_message_and_time() {
        let fault = Fault::new(429, "TOO-MANY-REQUESTS", "Too many requests").retry_after(7);
        let response = Refusal::from(fault).into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[RETRY_AFTER], "7");
        assert_eq!(response.headers()["content-type"], "application/json");
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, r#"{"code":"TOO-MANY-REQUESTS","message":"Too many requests"}"#);
    }
}
