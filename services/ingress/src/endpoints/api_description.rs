//! `GET /openapi.json`: the description of this API. Any caller may read it; it is the same for every node.

mod describe;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use crate::ingress::SharedIngress;

pub(crate) use describe::operation;

pub(crate) async fn answer(State(ingress): State<SharedIngress>) -> Response {
    ([(CONTENT_TYPE, "application/json")], ingress.description.clone()).into_response()
}
