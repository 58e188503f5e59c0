//! One request to a vendor, taken apart.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use waybill_domain::Timestamp;

use super::mode::Mode;

/// What a vendor was asked.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: Uri,
    /// The path below the vendor's prefix, percent-decoded; an empty last segment is left out.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// By the vendor's clock.
    pub(super) now: Timestamp,
    /// What a switch changes in the answer.
    pub(super) mode: Option<Mode>,
}

impl Asked {
    /// The segments as a slice of texts, for matching.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The first value of a parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A header that stands there exactly once, as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        value.to_str().ok()
    }

    /// Whether the body calls itself JSON; parameters such as a charset don't matter.
    pub(super) fn is_json(&self) -> bool {
        let content_type = self.header("content-type").unwrap_or_default();
        content_type
            .split(';')
            .next()
            .is_some_and(|name| name.trim().eq_ignore_ascii_case("application/json"))
    }

    pub(super) fn is_in(&self, mode: Mode) -> bool {
        self.mode == Some(mode)
    }
}

/// The segments below `/vendors/{vendor}/`.
pub(super) fn segments(uri: &Uri) -> Vec<String> {
    let mut segments: Vec<String> = uri.path().split('/').skip(3).map(|part| decoded(part, false)).collect();
    segments.pop_if(|last| last.is_empty());
    segments
}

/// The parameters of the query, in order.
pub(super) fn query(uri: &Uri) -> Vec<(String, String)> {
    let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let split = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name, true), decoded(value, true))
    };
    pairs.map(split).collect()
}

/// Percent-decoding; what is no escape stays as it is.
fn decoded(text: &str, plus_is_space: bool) -> String {
    let (bytes, mut out) = (text.as_bytes(), Vec::with_capacity(text.len()));
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (byte, escape.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
                continue;
            }
            (b'+', _) if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_are_decoded_after_they_are_split() {
        let uri: Uri = "/vendors/x/v1/alerts/?a=1%2B2&b=c+d&e".parse().unwrap();
        assert_eq!(segments(&uri), ["v1", "alerts"]);
        let pairs = [("a", "1+2"), ("b", "c d"), ("e", "")];
        assert_eq!(query(&uri), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let uri: Uri = "/vendors/x/address/a%2Fb%3F%ea%b9%80+%zz".parse().unwrap();
        assert_eq!(segments(&uri), ["address", "a/b?김+%zz"]);
    }
}
