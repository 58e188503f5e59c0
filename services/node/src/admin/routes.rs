//! What the port answers.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::gauges::Gauges;
use super::status::{Readiness, Status};

/// The text format of Prometheus.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

pub fn routes(status: Arc<Status>, gauges: Arc<Gauges>) -> Router {
    let ready = Router::new().route("/readyz", get(readyz)).with_state(status);
    let metrics = Router::new().route("/metrics", get(metrics)).with_state(gauges);
    Router::new()
        .route("/livez", get(async || ([(CACHE_CONTROL, "no-store")], "ok")))
        .merge(ready)
        .merge(metrics)
}

async fn readyz(State(status): State<Arc<Status>>) -> Response {
    let readiness = status.readiness().await;
    let code = if readiness.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, [(CACHE_CONTROL, "no-store")], Json(described(&readiness))).into_response()
}

fn described(readiness: &Readiness) -> Value {
    let outcome = |outcome: &Result<(), String>| match outcome {
        Ok(()) => "ok".to_owned(),
        Err(why) => why.clone(),
    };
    let checks = readiness.checks.iter();
    let checks: Map<String, Value> =
        checks.map(|(check, it)| (check.name().to_owned(), outcome(it).into())).collect();
    json!({"ready": readiness.is_ready(), "draining": readiness.draining, "checks": checks})
}

async fn metrics(State(gauges): State<Arc<Gauges>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, METRICS), (CACHE_CONTROL, "no-store")], gauges.text().await)
}
