//! Who may be called, on the wire.

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get as route;
use waybill_egress::{AllowList, EgressClass, EgressError, Refusal};

use crate::support::{client, get, serve};

fn directory(entries: &[&str]) -> EgressClass {
    EgressClass::Directory { allow: Arc::new(AllowList::parse(entries).unwrap()) }
}

/// All calls go through one client: a connection that one class may use is never lent to another.
#[tokio::test]
async fn a_name_is_judged_by_what_it_resolves_to() {
    let port = serve(Router::new().route("/", route(|| async { "here" }))).await.port();
    let client = client();
    let refused = Err(EgressError::Refused(Refusal::Address));
    for (class, expected) in [
        (EgressClass::Operator, Ok(200)),
        (directory(&["localhost"]), Ok(200)),
        (directory(&["127.0.0.0/8"]), Ok(200)),
        (directory(&["10.0.0.0/8", "elsewhere"]), refused.clone()),
        (directory(&[]), refused.clone()),
        (EgressClass::Stranger, refused),
    ] {
        for scheme in ["http", "https"] {
            let mut call = get(format!("{scheme}://localhost:{port}/"));
            call.class = class.clone();
            let outcome = client.send(call).await.map(|answer| answer.status.as_u16());
            match scheme {
                "http" => assert_eq!(outcome, expected, "{class:?}"),
                // The server speaks no TLS: what the policy lets through fails later.
                _ => assert_eq!(
                    outcome.is_err_and(|e| matches!(e, EgressError::Refused(_))),
                    expected.is_err()
                ),
            }
        }
    }
}

#[tokio::test]
async fn plain_http_stays_on_this_machine() {
    for (url, refusal) in [
        ("http://10.0.0.1/", Refusal::PlainHttp),
        ("http://1.1.1.1/", Refusal::PlainHttp),
        ("https://169.254.169.254/latest/meta-data", Refusal::Address),
    ] {
        assert_eq!(client().send(get(url)).await.unwrap_err(), EgressError::Refused(refusal), "{url}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let elsewhere = route(|| async { "followed" });
    let redirect = route(|| async { Redirect::temporary("/elsewhere") });
    let server = serve(Router::new().route("/", redirect).route("/elsewhere", elsewhere)).await;
    let answer = client().send(get(format!("http://{server}/"))).await.unwrap();
    assert_eq!(answer.status, 307);
    assert_eq!(answer.headers["location"], "/elsewhere");
}
