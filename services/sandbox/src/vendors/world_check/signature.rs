//! What a client signs, and the signature: HMAC-SHA256 over a few headers and the body. Not the scheme that HTTP
//! signature libraries know, since the body is part of the text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What is signed of one request.
pub(super) struct Signed<'a> {
    /// Lower case.
    pub(super) method: &'a str,
    /// From the first slash, gateway prefix included.
    pub(super) path: &'a str,
    /// Without port.
    pub(super) host: &'a str,
    /// Text of the header.
    pub(super) date: &'a str,
    /// Of a request with a body: texts of `Content-Type` and `Content-Length`, and the body.
    pub(super) content: Option<(&'a str, &'a str, &'a [u8])>,
}

impl Signed<'_> {
    /// The text that is signed.
    pub(super) fn text(&self) -> Vec<u8> {
        let Self { method, path, host, date, content } = self;
        let mut text = format!("(request-target): {method} {path}\nhost: {host}\ndate: {date}").into_bytes();
        if let Some((content_type, length, body)) = content {
            text.extend_from_slice(
                format!("\ncontent-type: {content_type}\ncontent-length: {length}\n").as_bytes(),
            );
            text.extend_from_slice(body);
        }
        text
    }

    /// The signature in base64.
    pub(super) fn signature(&self, secret: &str) -> String {
        // Cannot fail: HMAC takes keys of every length.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(&self.text());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "sandbox-secret-not-a-real-key";
    const CASE: &str = "/v2/cases/5jb7r2c9xjfk1hoc95gfayv6m";

    fn signed<'a>(method: &'a str, path: &'a str, body: Option<(&'a str, &'a str)>) -> Signed<'a> {
        Signed {
            method,
            path,
            host: "api-worldcheck.refinitiv.com",
            date: "Thu, 18 May 2023 12:39:45 GMT",
            content: body.map(|(length, body)| ("application/json", length, body.as_bytes())),
        }
    }

    #[track_caller]
    fn check(method: &str, path: &str, body: Option<&str>, expected: &str) {
        let length = body.map(|body| body.len().to_string()).unwrap_or_default();
        let signed = signed(method, path, body.map(|body| (length.as_str(), body)));
        assert_eq!(signed.signature(SECRET), expected, "{method} {path}");
    }

    fn new_case(name: &str) -> String {
        format!(
            r#"{{"groupId":"g1","entityType":"INDIVIDUAL","providerTypes":["WATCHLIST"],"name":"{name}","secondaryFields":[],"customFields":[]}}"#
        )
    }

    #[test]
    fn known_answers_without_a_body() {
        check("get", "/v2/groups", None, "mK9jA/MTh/YO+sIyKy2I4Fd4q031MClKCGjZ0kbxUvA=");
        let screening = format!("{CASE}/screeningRequest");
        check("post", &screening, None, "cAp5T2PCeisWMW/7sX11+VJph/ImHHnpDdfDEy07eQY=");
        check("get", CASE, None, "i1K/DdUfqXlA3ykWrK5GKKexKDN2024KixIA7ly/+rU=");
        let with_query = format!("{CASE}?aggregatedSummary=true");
        check("get", &with_query, None, "OlXxmfEmySBMCbiKIjLNQ98DinDXKxRyETAzTnhdMgw=");
    }

    #[test]
    fn known_answers_with_a_body() {
        let (latin, hangul) = (new_case("Taylor Robbins"), new_case("김재원"));
        assert_eq!((latin.len(), hangul.len(), hangul.chars().count()), (135, 130, 124));
        check("post", "/v2/cases", Some(&latin), "FMSF8mv3SMLCZJrCtEuyZ2lg9+IeHQCeJtkrXldXiuY=");
        check("post", "/v2/cases", Some(&hangul), "ma4C8aibvLhOY4ekJYuYoHqJFvEvwSJLEZTy3eLw9QI=");
        let audit = format!("{CASE}/auditEvents");
        let query = r#"{"query":"actionType==SCREENED_CASE"}"#;
        check("post", &audit, Some(query), "ZeQA4TxEMY5muiWsY/l+8SEwqLss0NZMz4Gw+eLz00I=");
        let query = r#"{"query":"actionType=='SCREENED_CASE';eventDate>=2023-05-18T12:39:45Z"}"#;
        check("post", &audit, Some(query), "LFbjClmhSEk2+MWCIpvHzB4fiCrmzgl7Chpxf6djNAg=");
        let status = r#"{"screeningStatusRequests":[{"caseSystemId":"5jb7r2c9xjfk1hoc95gfayv6m","dateFrom":"2023-05-18T12:39:45.000Z"}]}"#;
        check(
            "post",
            "/v2/cases/screeningStatus",
            Some(status),
            "Kl+EqKM8XehT9iF/pyEWSzP7rCK/f5ZC+vbh3M8r7os=",
        );
    }

    #[test]
    fn every_part_counts() {
        let body = new_case("Taylor Robbins");
        let right = signed("post", "/v2/cases", Some(("135", &body))).signature(SECRET);
        let flipped = body.replace("Taylor", "Tbylor");
        assert_ne!(signed("post", "/v2/cases", Some(("135", &flipped))).signature(SECRET), right);
        assert_ne!(signed("post", "/v2/cases", Some(("134", &body))).signature(SECRET), right);
        assert_ne!(signed("put", "/v2/cases", Some(("135", &body))).signature(SECRET), right);
        assert_ne!(signed("post", "/v2/case", Some(("135", &body))).signature(SECRET), right);
    }
}
