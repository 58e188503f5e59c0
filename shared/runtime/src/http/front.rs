//! What surrounds every handler: request id, trace, time limit, panics, the access log, and answers to wrong paths.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, timeout};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use waybill_domain::{Fault, SharedEntropy, codes};

use super::refusal::{Refusal, fault_response};
use crate::Traceparent;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How an API treats all its requests.
#[derive(Clone)]
pub struct Front {
    /// The name of the API in metrics.
    pub api: &'static str,
    /// Longest time a handler may take.
    pub request_timeout: Duration,
    /// Whether callers may continue a trace of theirs (`traceparent`); strangers should not.
    pub continue_traces: bool,
    /// Makes request ids and traces.
    pub entropy: SharedEntropy,
}

/// Names one request in logs and in the header `x-request-id` of its response. Handlers find it in the extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// Always our own: a caller's text might hold anything.
    fn random(entropy: &SharedEntropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }
}

/// Surrounds a complete router. Call it last: routes added later would stay outside.
pub fn with_front(router: Router, front: Front) -> Router {
    router
        .fallback(|| async { Refusal(codes::path_not_found()) })
        .method_not_allowed_fallback(|| async { Refusal(codes::method_not_allowed()) })
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(front, surround))
}

/// The panic itself is logged by the panic hook.
fn after_panic(_panic: Box<dyn Any + Send + 'static>) -> Response {
    fault_response(&codes::internal_error())
}

async fn surround(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::random(&front.entropy);
    let trace = trace_of(request.headers(), &front);
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(id.clone());

    let span = tracing::info_span!("request", id = id.0, trace_id = trace.trace_id());
    let handling = timeout(front.request_timeout, trace.scope(next.run(request)));
    let mut response = match handling.instrument(span).await {
        Ok(response) => response,
        Err(_) => fault_response(&Fault::new(408, "REQUEST-TIMEOUT", "The request took too long")),
    };

    let took = started.elapsed();
    let route = path.as_ref().map_or("unknown", MatchedPath::as_str);
    waybill_metrics::answered(front.api, method.as_str(), route, response.status().as_u16(), took);
    tracing::debug!(
        target: "waybill_runtime::access",
        %method,
        path = route,
        status = response.status().as_u16(),
        duration_us = took.as_micros() as u64,
        request_id = id.0,
        "answered"
    );
    if let Ok(value) = HeaderValue::try_from(id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn trace_of(headers: &HeaderMap, front: &Front) -> Traceparent {
    match Traceparent::read(headers).filter(|_| front.continue_traces) {
        Some(trace) => trace.next(&*front.entropy),
        None => Traceparent::start(&*front.entropy),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Extension;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;
    use crate::SystemEntropy;

    fn app(continue_traces: bool) -> Router {
        let trace = || async { Traceparent::current().map(|trace| trace.to_string()).unwrap_or_default() };
        let panics = || async {
            if true {
                std::panic::resume_unwind(Box::new("Taylor Robbins"))
            }
        };
        let hangs = || std::future::pending::<String>();
        let router = Router::new()
            .route("/things/{id}", post(|| async { "made" }).get(|| async { "got" }))
            .route("/id", get(|Extension(id): Extension<RequestId>| async { id.0 }))
            .route("/trace", get(trace))
            .route("/panics", get(panics))
            .route("/hangs", get(hangs));
        let request_timeout = Duration::from_secs(30);
        let entropy = SystemEntropy::shared();
        with_front(router, Front { api: "test", request_timeout, continue_traces, entropy })
    }

    async fn ask(app: Router, method: &str, path: &str) -> (Response, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .body(Body::empty())
            .unwrap();
        let mut response = app.oneshot(request).await.unwrap();
        let body = std::mem::take(response.body_mut());
        let body = axum::body::to_bytes(body, 10_000).await.unwrap();
        (response, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn wrong_paths_and_methods_are_refused_in_our_shape() {
        let (response, body) = ask(app(false), "GET", "/nowhere").await;
        assert_eq!(response.status(), 404);
        assert!(body.starts_with(r#"{"code":"PATH-NOT-FOUND","#), "{body}");
        let (response, body) = ask(app(false), "DELETE", "/things/1").await;
        assert_eq!(response.status(), 405);
        assert!(body.starts_with(r#"{"code":"METHOD-NOT-ALLOWED","#), "{body}");
        let allow = response.headers()["allow"].to_str().unwrap();
        assert!(allow.contains("POST") && allow.contains("GET"), "{allow}");
        assert!(response.headers().contains_key("x-request-id"));
    }

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error_without_its_message() {
        let (response, body) = ask(app(false), "GET", "/panics").await;
        assert_eq!(response.status(), 500);
        assert!(body.contains("INTERNAL-ERROR") && !body.contains("Robbins"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_hangs_is_given_up() {
        let (response, body) = ask(app(false), "GET", "/hangs").await;
        assert_eq!(response.status(), 408);
        assert!(body.contains("REQUEST-TIMEOUT"), "{body}");
    }

    #[tokio::test]
    async fn handlers_know_the_request_id() {
        let (response, body) = ask(app(false), "GET", "/id").await;
        assert_eq!(response.headers()["x-request-id"], body);
        assert_eq!(body.len(), 32);
    }

    #[tokio::test]
    async fn traces_are_continued_for_those_we_trust() {
        let trusted = ask(app(true), "GET", "/trace").await.1;
        assert!(trusted.starts_with("00-0af7651916cd43dd8448eb211c80319c-"), "{trusted}");
        let stranger = ask(app(false), "GET", "/trace").await.1;
        assert!(stranger.parse::<Traceparent>().is_ok() && !stranger.contains("0af76519"), "{stranger}");
    }
}
