//! A vendor's answer before it is sent, so that a switch can still spoil it.

use axum::http::{HeaderName, HeaderValue, header};
use serde::Serialize;

/// Status, headers and body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) content_type: Option<&'static str>,
    pub(super) body: Vec<u8>,
}

pub(super) const JSON: &str = "application/json";

impl Answer {
    /// JSON, as every vendor writes it: no charset.
    pub(super) fn json(status: u16, body: &impl Serialize) -> Self {
        // Cannot fail: the answers have text keys and numbers that were checked.
        let body = serde_json::to_vec(body).unwrap_or_else(|error| error.to_string().into_bytes());
        Self { status, headers: Vec::new(), content_type: Some(JSON), body }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), content_type: None, body: Vec::new() }
    }

    pub(super) fn text(status: u16, content_type: &'static str, body: &str) -> Self {
        Self { status, headers: Vec::new(), content_type: Some(content_type), body: body.into() }
    }

    /// A page that stands in front of the vendor, not of the vendor itself.
    pub(super) fn edge_page(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><center><h1>{status} {title}</h1></center></body></html>\n"
        );
        Self::text(status, "text/html", &page)
    }

    /// Adds a header; a value that is none is left out.
    pub(super) fn with(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.headers.push((name, value));
        }
        self
    }

    pub(super) fn with_retry_after(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(header::RETRY_AFTER, value),
            None => self,
        }
    }
}
