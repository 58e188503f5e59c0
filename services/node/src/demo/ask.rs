//! One request of a backend to its node, and how it is shown.

use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;

/// A request that is not sent yet.
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Option<Value>,
    /// What is shown in place of the body: only what matters in this step.
    pub shown: Option<Value>,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path.into(), None)
    }

    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, path.into(), Some(body))
    }

    fn new(method: Method, path: String, body: Option<Value>) -> Self {
        Self { method, path, headers: HeaderMap::new(), body, shown: None }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> anyhow::Result<Self> {
        self.headers.insert(name, HeaderValue::from_str(value)?);
        Ok(self)
    }

    pub fn showing(mut self, shown: Value) -> Self {
        self.shown = Some(shown);
        self
    }
}
