//! What goes out.

use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::any;
use bytes::Bytes;

use crate::support::{client, get, serve};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn everything_arrives_as_given() {
    let echo = |method: Method, uri: Uri, headers: HeaderMap, body: String| async move {
        let header =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
        let seen = [header("authorization"), header("traceparent"), header("user-agent"), header("referer")];
        format!("{method} {uri} {body} {}", seen.join(" "))
    };
    let server = serve(Router::new().fallback(any(echo))).await;
    let mut call = get(format!("http://{server}/v1/callback?q=1"));
    call.method = Method::POST;
    call.headers.insert("authorization", "Bearer token".parse().unwrap());
    call.headers.insert("traceparent", TRACE.parse().unwrap());
    call.body = Bytes::from_static(b"{}");
    let answer = client().send(call).await.unwrap();
    let agent = concat!("waybill/", env!("CARGO_PKG_VERSION"));
    assert_eq!(answer.body, format!("POST /v1/callback?q=1 {{}} Bearer token {TRACE} {agent} -"));
}
