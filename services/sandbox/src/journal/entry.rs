//! One journal entry and its line in the file.

use axum::http::{HeaderMap, HeaderName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use waybill_domain::{Timestamp, format_time};

use super::owner::{Owner, Topic};

/// What a backend or a vendor was sent.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
    at: String,
    /// Left out for backends, which are only ever sent `POST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    path: &'a str,
    headers: Map<String, Value>,
    body: Value,
}

impl<'a> Entry<'a> {
    /// Secrets among the headers are masked here by `mask`, before anything else sees the entry.
    pub(crate) fn new(
        at: Timestamp,
        path: &'a str,
        headers: &HeaderMap,
        mask: impl Fn(&HeaderName, &str) -> String,
        body: Value,
    ) -> Self {
        Self { at: format_time(at), method: None, path, headers: shown(headers, mask), body }
    }

    /// Adds the method.
    pub(crate) fn with_method(mut self, method: &'a str) -> Self {
        self.method = Some(method);
        self
    }

    /// The entry as one line, with its end.
    pub(super) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

/// Headers by name, repeated ones joined by a comma.
fn shown(headers: &HeaderMap, mask: impl Fn(&HeaderName, &str) -> String) -> Map<String, Value> {
    let joined = |name| {
        let texts = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let masked: Vec<String> = texts.map(|text| mask(name, &text)).collect();
        Value::String(masked.join(", "))
    };
    headers.keys().map(|name| (name.to_string(), joined(name))).collect()
}

/// Whose entry a line is, read from its path; `None` for a line that is no entry.
pub(super) fn owner(line: &[u8]) -> Option<(Owner, Topic)> {
    #[derive(Deserialize)]
    struct Head {
        path: String,
    }
    let head: Head = serde_json::from_slice(line).ok()?;
    let (kind, rest) = head.path.strip_prefix('/')?.split_once('/')?;
    let (name, rest) = rest.split_once('/')?;
    match kind {
        "vasps" => Some((Owner::Vasp(name.parse().ok()?), Topic::Endpoint(rest.parse().ok()?))),
        "vendors" => {
            let vendor = name.parse().ok()?;
            Some((Owner::Vendor(vendor), Topic::Path(head.path.into())))
        }
        _ => None,
    }
}
