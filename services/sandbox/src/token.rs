//! The shared secret that a node shows to its VASP's backend.

use axum::http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use axum::http::{HeaderMap, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

const BEARER: &str = "Bearer ";

/// A token and the header in which it travels.
pub struct Token {
    header: HeaderName,
    prefix: &'static str,
    secret: SecretString,
}

impl Token {
    /// `Authorization: Bearer <secret>`.
    pub fn bearer(secret: SecretString) -> Self {
        Self { header: AUTHORIZATION, prefix: BEARER, secret }
    }

    /// `<header>: <secret>`, without a prefix.
    pub fn in_header(header: HeaderName, secret: SecretString) -> Self {
        Self { header, prefix: "", secret }
    }

    /// Whether the headers carry the token, exactly once.
    pub(crate) fn is_shown_in(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(&self.header).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let shown = value.as_bytes().strip_prefix(self.prefix.as_bytes());
        shown.is_some_and(|shown| shown.ct_eq(self.secret.expose_secret().as_bytes()).into())
    }

    /// What may be kept of a header: its value, or asterisks where it holds a token.
    pub(crate) fn masked<'a>(&self, name: &HeaderName, value: &'a str) -> &'a str {
        let is_secret = [&self.header, &AUTHORIZATION, &PROXY_AUTHORIZATION, &COOKIE].contains(&name);
        match (is_secret, value.starts_with(BEARER)) {
            (false, _) => value,
            (true, true) => "Bearer ***",
            (true, false) => "***",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_bearer_token_needs_its_prefix() {
        let token = Token::bearer("s3cret".into());
        assert!(token.is_shown_in(&headers(&[("authorization", "Bearer s3cret")])));
        for wrong in ["s3cret", "Bearer s3cre", "Bearer s3crett", "Bearer ", "Basic s3cret", ""] {
            assert!(!token.is_shown_in(&headers(&[("authorization", wrong)])), "{wrong:?}");
        }
        assert!(!token.is_shown_in(&headers(&[])));
        let twice = [("authorization", "Bearer s3cret"), ("authorization", "Bearer s3cret")];
        assert!(!token.is_shown_in(&headers(&twice)));
    }

    #[test]
    fn a_header_of_ones_own_carries_the_bare_token() {
        let token = Token::in_header(HeaderName::from_static("x-vasp-key"), "s3cret".into());
        assert!(token.is_shown_in(&headers(&[("x-vasp-key", "s3cret")])));
        assert!(!token.is_shown_in(&headers(&[("x-vasp-key", "Bearer s3cret")])));
        assert!(!token.is_shown_in(&headers(&[("authorization", "Bearer s3cret")])));
        assert_eq!(token.masked(&HeaderName::from_static("x-vasp-key"), "s3cret"), "***");
        assert_eq!(token.masked(&AUTHORIZATION, "Bearer other"), "Bearer ***");
        assert_eq!(token.masked(&HeaderName::from_static("accept"), "*/*"), "*/*");
    }
}
