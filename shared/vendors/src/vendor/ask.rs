//! What is asked, and how urgently.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method};
use tokio::time::Instant;
use url::Url;

use crate::{Limit, Priority};

/// Of the time that a request has, this part is for the call itself: a turn that comes later is not taken.
const FOR_THE_CALL: u32 = 5;
/// All workers together may hold more than there are turns for in a moment; what they hold is leased for longer.
const POLLS_WAIT: Duration = Duration::from_secs(10);
const MAX_ANSWER_BYTES: usize = 1 << 20;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// How a call is made.
#[derive(Debug, Clone)]
pub struct Ask {
    pub(crate) priority: Priority,
    /// For the turn, from the beginning.
    pub(crate) wait: Duration,
    pub(crate) within: Duration,
    pub(crate) also: Vec<Limit>,
    pub(crate) repeats: bool,
}

impl Ask {
    /// Somebody waits for it. `within` is for everything: the turn, connecting, the whole answer, and a repetition.
    pub fn request(within: Duration) -> Self {
        let wait = within - within / FOR_THE_CALL;
        Self { priority: Priority::Request, wait, within, also: Vec::new(), repeats: true }
    }

    /// Nobody waits for it: it leaves turns to those for whom somebody does, and waits up to 10 s for one. `within` is for
    /// what follows.
    pub fn poll(within: Duration) -> Self {
        Self { priority: Priority::Poll, wait: POLLS_WAIT, ..Self::request(within) }
    }

    /// When all of it must be over, as far as that is known before there is a turn.
    pub(crate) fn deadline(&self, begun: Instant) -> Option<Instant> {
        (self.priority == Priority::Request).then(|| begun + self.within)
    }

    /// Takes a turn of another limit too.
    #[must_use]
    pub fn also(mut self, limit: &Limit) -> Self {
        self.also.push(limit.clone());
        self
    }

    /// Not again when the connection was lost. Otherwise it is made once more then, with a turn of its own: vendors recognise
    /// what they have seen, or it changes nothing.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.repeats = false;
        self
    }
}

/// A request, complete.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// The longest answer that is read, in bytes. Default 1 MiB.
    pub max_answer_bytes: usize,
}

impl Request {
    /// A request that wants JSON.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// The same with POST and without a body.
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// A request with a body of JSON that wants JSON.
    pub fn post_json(url: Url, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::post(url) }.header(CONTENT_TYPE, JSON)
    }

    fn new(method: Method, url: Url) -> Self {
        let headers = HeaderMap::from_iter([(ACCEPT, JSON)]);
        Self { method, url, headers, body: Bytes::new(), max_answer_bytes: MAX_ANSWER_BYTES }
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Reads no longer answer than this, in bytes.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }
}

/// Shows nothing that may be personal or secret.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
