//! Who signed a request, and whether rightly.

use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::signature::Signed;
use crate::vendors::asked::Asked;
use crate::vendors::keys;
use crate::vendors::settings::{Settings, SignedQuery};
use crate::vendors::state::Playing;
use crate::vendors::times::{parse_http_date, whole_seconds};

const WITHOUT_BODY: &str = "(request-target) host date";
const WITH_BODY: &str = "(request-target) host date content-type content-length";

/// The header `Authorization`, taken apart.
struct Shown<'a> {
    key: &'a str,
    headers: &'a str,
    signature: &'a str,
}

/// Refuses with the reason, which the vendor keeps to itself.
pub(super) fn check(playing: &Playing, asked: &Asked, settings: &Settings) -> Result<(), &'static str> {
    let shown = Shown::read(asked.header("authorization").ok_or("there is no Authorization")?)?;
    if !keys::is_shown(asked, Some(shown.key), &playing.keys.wc_key) {
        return Err("the keyId is wrong");
    }
    let date = asked.header("date").ok_or("there is no Date")?;
    let at = parse_http_date(date).ok_or("the Date is not in RFC 1123 form")?;
    // A Date has whole seconds, so only those are compared.
    if (whole_seconds(asked.now) - at).num_seconds().abs() > i64::from(settings.date_skew_seconds) {
        return Err("the Date is too far from the vendor's clock");
    }
    let host = without_port(asked.header("host").ok_or("there is no Host")?);
    let content = match (shown.headers, asked.body.is_empty()) {
        (WITHOUT_BODY, true) => None,
        (WITH_BODY, false) => {
            let length = asked.header("content-length").ok_or("there is no Content-Length")?;
            if length != asked.body.len().to_string() {
                return Err("the Content-Length is not that of the body in bytes");
            }
            Some((asked.header("content-type").ok_or("there is no Content-Type")?, length, &asked.body[..]))
        }
        (_, true) => return Err("without a body only (request-target) host date are signed"),
        (_, false) => {
            return Err("with a body (request-target) host date content-type content-length are signed");
        }
    };
    let method = asked.method.as_str().to_ascii_lowercase();
    let secret = keys::valid(asked, &playing.keys.wc_secret);
    let is_right = |path: &str| {
        let signed = Signed { method: &method, path, host, date, content };
        let right = signed.signature(secret.expose_secret());
        bool::from(right.as_bytes().ct_eq(shown.signature.as_bytes()))
    };
    let path = asked.uri.path();
    let whole = asked.uri.path_and_query().map_or(path, |whole| whole.as_str());
    let accepted = match settings.signed_query {
        SignedQuery::Without => is_right(path),
        SignedQuery::With => is_right(whole),
        SignedQuery::Either => is_right(path) || is_right(whole),
    };
    if accepted { Ok(()) } else { Err("the signature is wrong") }
}

impl<'a> Shown<'a> {
    fn read(header: &'a str) -> Result<Self, &'static str> {
        const FORM: &str = "the Authorization is no Signature";
        let parameters = header.strip_prefix("Signature ").ok_or(FORM)?;
        let mut shown = Self { key: "", headers: "", signature: "" };
        let mut algorithm = "";
        for parameter in parameters.split(',') {
            let (name, value) = parameter.split_once('=').ok_or(FORM)?;
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).ok_or(FORM)?;
            match name {
                "keyId" => shown.key = value,
                "algorithm" => algorithm = value,
                "headers" => shown.headers = value,
                "signature" => shown.signature = value,
                _ => return Err(FORM),
            }
        }
        if algorithm == "hmac-sha256" { Ok(shown) } else { Err("the algorithm is not hmac-sha256") }
    }
}

/// The name of a host; an IPv6 address keeps its brackets.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_cut_off() {
        for (host, name) in [
            ("127.0.0.1:21300", "127.0.0.1"),
            ("api-worldcheck.refinitiv.com", "api-worldcheck.refinitiv.com"),
            ("[::1]:21300", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(without_port(host), name);
        }
    }

    #[test]
    fn only_the_documented_form_is_read() {
        let read =
            |text: &'static str| Shown::read(text).map(|shown| (shown.key, shown.headers, shown.signature));
        let right = r#"Signature keyId="k",algorithm="hmac-sha256",headers="host date",signature="a=b=""#;
        assert_eq!(read(right), Ok(("k", "host date", "a=b=")));
        for wrong in [
            r#"Bearer k"#,
            r#"Signature keyId="k", algorithm="hmac-sha256",headers="h",signature="s""#,
            r#"Signature keyId=k,algorithm="hmac-sha256",headers="h",signature="s""#,
            r#"Signature keyId="k",algorithm="hs2019",headers="h",signature="s""#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
