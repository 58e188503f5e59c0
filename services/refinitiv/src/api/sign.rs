//! HMAC signatures of requests, as World-Check One wants them: the body itself is part of what is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Method};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use waybill_domain::Timestamp;

/// The only content type that is sent; the header must have exactly this text.
pub(crate) const JSON: &str = "application/json";
const BARE: &str = "(request-target) host date";
const WITH_BODY: &str = "(request-target) host date content-type content-length";

/// An API user of the vendor.
#[derive(Clone)]
pub(crate) struct SigningKey {
    /// Goes into each request.
    pub id: SecretString,
    /// Signs. Its text is the key, byte for byte, whatever it looks like.
    pub secret: SecretString,
}

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub method: &'a Method,
    /// The path with that of the gateway, and the query where it is to be signed.
    pub target: &'a str,
    /// Without port.
    pub host: &'a str,
    /// Exactly the `Date` header.
    pub date: &'a str,
    /// Exactly the bytes that are sent; without them nothing is said about content.
    pub body: Option<&'a [u8]>,
}

impl SigningKey {
    /// Whether its id can stand in a header, between quotes.
    pub fn can_be_sent(&self) -> bool {
        let id = self.id.expose_secret();
        !id.contains('"') && HeaderValue::from_str(id).is_ok()
    }

    /// The `Authorization` header; [`None`] when the key's id cannot stand in a header.
    pub fn authorize(&self, signed: &Signed<'_>) -> Option<HeaderValue> {
        let headers = if signed.body.is_some() { WITH_BODY } else { BARE };
        let signature = STANDARD.encode(self.digest(signed));
        let id = self.id.expose_secret();
        let text = format!(
            r#"Signature keyId="{id}",algorithm="hmac-sha256",headers="{headers}",signature="{signature}""#
        );
        let mut value = HeaderValue::from_str(&text).ok().filter(|_| self.can_be_sent())?;
        value.set_sensitive(true);
        Some(value)
    }

    fn digest(&self, signed: &Signed<'_>) -> Vec<u8> {
        let Signed { method, target, host, date, body } = signed;
        // Cannot fail: HMAC takes keys of every length.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.expose_secret().as_bytes()).unwrap();
        let method = method.as_str().to_ascii_lowercase();
        mac.update(format!("(request-target): {method} {target}\nhost: {host}\ndate: {date}").as_bytes());
        if let Some(body) = body {
            mac.update(format!("\ncontent-type: {JSON}\ncontent-length: {}\n", body.len()).as_bytes());
            mac.update(body);
        }
        mac.finalize().into_bytes().to_vec()
    }
}

/// The text of a `Date` header (RFC 9110 §5.6.7).
pub(crate) fn http_date(at: Timestamp) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Thu, 18 May 2023 12:39:45 GMT";
    const CASE: &str = "/v2/cases/5jb7r2c9xjfk1hoc95gfayv6m";
    const SCREENED: &str = r#"{"query":"actionType==SCREENED_CASE"}"#;
    const SCREENED_SINCE: &str = r#"{"query":"actionType=='SCREENED_CASE';eventDate>=2023-05-18T12:39:45Z"}"#;
    const STATUS: &str = r#"{"screeningStatusRequests":[{"caseSystemId":"5jb7r2c9xjfk1hoc95gfayv6m","dateFrom":"2023-05-18T12:39:45.000Z"}]}"#;

    fn key() -> SigningKey {
        SigningKey {
            id: "00000000-0000-4000-8000-000000000001".into(),
            secret: "sandbox-secret-not-a-real-key".into(),
        }
    }

    fn signature(method: Method, target: &str, date: &str, body: Option<&[u8]>) -> String {
        let signed = Signed { method: &method, target, host: "api-worldcheck.refinitiv.com", date, body };
        let header = key().authorize(&signed).unwrap();
        assert!(header.is_sensitive());
        let text = header.to_str().unwrap();
        let headers = if body.is_some() { WITH_BODY } else { BARE };
        let start = format!(
            r#"Signature keyId="00000000-0000-4000-8000-000000000001",algorithm="hmac-sha256",headers="{headers}",signature=""#
        );
        text.strip_prefix(&start).unwrap().strip_suffix('"').unwrap().to_owned()
    }

    fn case_of(name: &str) -> String {
        format!(
            r#"{{"groupId":"g1","entityType":"INDIVIDUAL","providerTypes":["WATCHLIST"],"name":"{name}","secondaryFields":[],"customFields":[]}}"#
        )
    }

    /// V1 to V8, and V5n: the query signed, too.
    #[test]
    fn known_answers() {
        let (latin, hangul) = (case_of("Taylor Robbins"), case_of("김재원"));
        assert_eq!((latin.len(), hangul.len(), hangul.chars().count()), (135, 130, 124));
        let sub = |end: &str| format!("{CASE}{end}");
        for (method, target, body, expected) in [
            (Method::GET, "/v2/groups".to_owned(), None, "mK9jA/MTh/YO+sIyKy2I4Fd4q031MClKCGjZ0kbxUvA="),
            (
                Method::POST,
                "/v2/cases".to_owned(),
                Some(&*latin),
                "FMSF8mv3SMLCZJrCtEuyZ2lg9+IeHQCeJtkrXldXiuY=",
            ),
            (
                Method::POST,
                "/v2/cases".to_owned(),
                Some(&*hangul),
                "ma4C8aibvLhOY4ekJYuYoHqJFvEvwSJLEZTy3eLw9QI=",
            ),
            (Method::POST, sub("/screeningRequest"), None, "cAp5T2PCeisWMW/7sX11+VJph/ImHHnpDdfDEy07eQY="),
            (Method::GET, sub(""), None, "i1K/DdUfqXlA3ykWrK5GKKexKDN2024KixIA7ly/+rU="),
            (
                Method::GET,
                sub("?aggregatedSummary=true"),
                None,
                "OlXxmfEmySBMCbiKIjLNQ98DinDXKxRyETAzTnhdMgw=",
            ),
            (
                Method::POST,
                sub("/auditEvents"),
                Some(SCREENED),
                "ZeQA4TxEMY5muiWsY/l+8SEwqLss0NZMz4Gw+eLz00I=",
            ),
            (
                Method::POST,
                sub("/auditEvents"),
                Some(SCREENED_SINCE),
                "LFbjClmhSEk2+MWCIpvHzB4fiCrmzgl7Chpxf6djNAg=",
            ),
            (
                Method::POST,
                "/v2/cases/screeningStatus".to_owned(),
                Some(STATUS),
                "Kl+EqKM8XehT9iF/pyEWSzP7rCK/f5ZC+vbh3M8r7os=",
            ),
        ] {
            assert_eq!(signature(method, &target, DATE, body.map(str::as_bytes)), expected, "{target}");
        }
    }

    #[test]
    fn whatever_is_altered_alters_the_signature() {
        let body = case_of("Taylor Robbins");
        let original = signature(Method::POST, "/v2/cases", DATE, Some(body.as_bytes()));
        let mut flipped = body.clone().into_bytes();
        flipped[20] ^= 1;
        for altered in [
            signature(Method::POST, "/v2/cases", DATE, Some(&flipped)),
            signature(Method::POST, "/v2/cases", "Thu, 18 May 2023 12:40:16 GMT", Some(body.as_bytes())),
            signature(Method::PUT, "/v2/cases", DATE, Some(body.as_bytes())),
            signature(Method::POST, "/v2/case", DATE, Some(body.as_bytes())),
            signature(Method::POST, "/v2/cases", DATE, Some(format!("{body}\n").as_bytes())),
            signature(Method::POST, "/v2/cases", DATE, Some(b"")),
            signature(Method::POST, "/v2/cases", DATE, None),
        ] {
            assert_ne!(altered, original);
        }
    }

    #[test]
    fn dates_are_as_headers_have_them() {
        let at = "2023-05-18T12:39:45.999Z".parse().unwrap();
        assert_eq!(http_date(at), DATE);
        assert_eq!(http_date("2026-01-02T03:04:05Z".parse().unwrap()), "Fri, 02 Jan 2026 03:04:05 GMT");
    }

    #[test]
    fn an_id_that_would_break_out_of_its_quotes_is_not_sent() {
        let signed = Signed { method: &Method::GET, target: "/", host: "h", date: DATE, body: None };
        for id in ["a\"b", "a\nb"] {
            assert!(SigningKey { id: id.into(), secret: "s".into() }.authorize(&signed).is_none());
        }
    }
}
