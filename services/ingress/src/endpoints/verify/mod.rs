//! `POST /v1/verifications`: asks the counterparty to confirm the beneficiary. Stored before it is answered; the
//! result follows by callback.

mod accept;
mod describe;
mod request;
#[cfg(test)]
mod tests;

use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::callers::Caller;
use crate::idempotency::Repeatable;
use crate::ingress::SharedIngress;
use crate::reading::JsonBody;
use crate::refused::Refused;

pub(crate) use describe::operation;

const ENDPOINT: &str = "POST /v1/verifications";

pub(crate) async fn answer(
    State(ingress): State<SharedIngress>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Refused> {
    let ctx = &ingress.ctx;
    let repeatable = Repeatable::of(&headers, &caller, ENDPOINT, &body.bytes, &ctx.vault)?;
    match accept::prepare(ctx, &caller, &body.value) {
        Ok(acceptance) => accept::store(ctx, acceptance, repeatable).await.map(json),
        Err(fault) => match repeatable {
            // The same request was good once: what changed since then does not change its answer.
            Some(repeatable) => Ok(json(repeatable.kept(&ctx.store).await?.ok_or(fault)?)),
            None => Err(fault.into()),
        },
    }
}

/// The answer, already written as JSON: once for the caller and for keeping.
fn json(body: String) -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, "application/json")], body).into_response()
}
