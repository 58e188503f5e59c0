//! One journal entry and its line in the file.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use waybill_domain::{Timestamp, VaspId, format_time};

use crate::endpoint::Endpoint;
use crate::token::Token;

/// What a backend was sent.
#[derive(Serialize)]
pub(crate) struct Entry<'a> {
    at: String,
    path: &'a str,
    headers: Map<String, Value>,
    body: Value,
}

impl<'a> Entry<'a> {
    /// Tokens among the headers are masked here, before anything else sees the entry.
    pub(crate) fn new(at: Timestamp, path: &'a str, headers: &HeaderMap, token: &Token, body: Value) -> Self {
        let at = format_time(at);
        Self { at, path, headers: shown(headers, token), body }
    }

    /// The entry as one line, with its end.
    pub(super) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

/// Headers by name, repeated ones joined by a comma.
fn shown(headers: &HeaderMap, token: &Token) -> Map<String, Value> {
    let joined = |name| {
        let texts = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let masked: Vec<String> = texts.map(|text| token.masked(name, &text).to_owned()).collect();
        Value::String(masked.join(", "))
    };
    headers.keys().map(|name| (name.to_string(), joined(name))).collect()
}

/// Whose entry a line is, read from its path; `None` for a line that is no entry.
pub(super) fn owner(line: &[u8]) -> Option<(VaspId, Endpoint)> {
    #[derive(Deserialize)]
    struct Head<'a> {
        path: &'a str,
    }
    let head: Head<'_> = serde_json::from_slice(line).ok()?;
    let (vasp, endpoint) = head.path.strip_prefix("/vasps/")?.split_once('/')?;
    Some((vasp.parse().ok()?, endpoint.parse().ok()?))
}
