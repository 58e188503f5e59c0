//! `GET /docs`: the description for people. Four files of our own that load nothing from elsewhere; the description itself
//! comes from `/openapi.json`, which asks for a key where there are keys. The files hold no secret and take no key.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

/// Nothing but our own files, no inline script or style, no frame around it: a key may be typed into this page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Path, content type, content.
const FILES: [(&str, &str, &str); 4] = [
    ("/docs", "text/html; charset=utf-8", include_str!("docs_page/page.html")),
    ("/docs/page.css", "text/css; charset=utf-8", include_str!("docs_page/page.css")),
    ("/docs/page.js", "text/javascript; charset=utf-8", include_str!("docs_page/page.js")),
    ("/docs/icon.svg", "image/svg+xml", include_str!("docs_page/icon.svg")),
];

pub(crate) fn routes() -> Router {
    FILES.into_iter().fold(Router::new(), |router, (path, content_type, content)| {
        router.route(path, get(move || async move { file(content_type, content) }))
    })
}

fn file(content_type: &'static str, content: &'static str) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 4] = [
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")), // after an update the next load is the new page
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    ([(CONTENT_TYPE, content_type)], HEADERS, content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Api;

    #[tokio::test]
    async fn every_file_comes_with_the_strict_policy_and_without_a_key() {
        let api = Api::start().await;
        api.make_key("vasps:read").await;
        for (path, content_type, content) in FILES {
            let answer = api.get(path).await;
            assert_eq!((answer.status, answer.text()), (200, content), "{path}");
            assert_eq!(answer.header("content-type"), Some(content_type));
            assert_eq!(answer.header("content-security-policy"), Some(POLICY));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
        assert!(!POLICY.contains("unsafe") && !POLICY.contains("http") && !POLICY.contains('*'));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for (path, _, content) in FILES {
            // The name of the SVG language is no address that anything is loaded from.
            let content = content.replace("http://www.w3.org/2000/svg", "");
            for foreign in
                ["http:", "https:", "src=\"//", "href=\"//", "url(", "@import", "import(", "data:", "eval("]
            {
                assert!(!content.contains(foreign), "{path} holds {foreign}");
            }
        }
    }

    /// The policy would refuse them, and the page would be silently half.
    #[test]
    fn the_page_has_no_inline_script_or_style() {
        let page = FILES[0].2;
        for inline in ["<style", "style=", "onclick", "onload", "<script>"] {
            assert!(!page.contains(inline), "{inline}");
        }
    }

    /// What a description says must not become markup.
    #[test]
    fn the_script_writes_text_only() {
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "new Function"] {
            assert!(!FILES[2].2.contains(way), "{way}");
        }
    }

    #[tokio::test]
    async fn the_description_takes_any_key_once_there_is_one() {
        let api = Api::start().await;
        assert_eq!(api.get("/openapi.json").await.status, 200, "on loopback, without any key");
        let key = api.make_key("vasps:read").await;
        api.get("/openapi.json").await.refuses(401, "UNAUTHORIZED");
        assert_eq!(api.get_as(&key, "/openapi.json").await.json()["openapi"], "3.1.0");
    }
}
