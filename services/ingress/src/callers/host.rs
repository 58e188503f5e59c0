//! The name by which a caller reached us.

use std::net::IpAddr;

use http::uri::Authority;
use http::{HeaderMap, Uri, header};

/// Whether a request names this machine: `localhost`, a loopback address, or nothing at all. A web page whose own name
/// was made to lead to loopback (DNS rebinding) cannot say so: browsers send the page's name.
pub(super) fn is_local(headers: &HeaderMap, uri: &Uri) -> bool {
    let named = headers.get_all(header::HOST).iter().map(|host| Authority::try_from(host.as_bytes()).ok());
    named
        .chain(uri.authority().cloned().map(Some))
        .all(|name| name.is_some_and(|name| is_loopback(name.host())))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(host: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, http::HeaderValue::from_static(host))])
    }

    #[test]
    fn loopback_has_several_names() {
        for host in ["localhost", "LocalHost:21117", "127.0.0.1:21117", "127.9.9.9", "[::1]:21117", "[::1]"] {
            assert!(is_local(&says(host), &Uri::from_static("/")), "{host}");
        }
        assert!(is_local(&HeaderMap::new(), &Uri::from_static("/")));
    }

    #[test]
    fn any_other_name_is_foreign_wherever_it_stands() {
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "a b"]
        {
            assert!(!is_local(&says(host), &Uri::from_static("/")), "{host}");
        }
        assert!(!is_local(&says("localhost"), &Uri::from_static("http://evil.example/")));
        let mut twice = says("localhost");
        twice.append(header::HOST, http::HeaderValue::from_static("evil.example"));
        assert!(!is_local(&twice, &Uri::from_static("/")));
    }
}
