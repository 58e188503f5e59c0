//! W3C Trace Context: joins what one verification does in several tasks and nodes.

use std::fmt;
use std::future::Future;
use std::str::FromStr;

use http::{HeaderMap, HeaderName, HeaderValue};
use waybill_domain::Entropy;

const HEADER: HeaderName = HeaderName::from_static("traceparent");

tokio::task_local! {
    static CURRENT: Traceparent;
}

/// A `traceparent` (W3C Trace Context, version 00): which trace, and which step of it is the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traceparent {
    trace: u128,
    parent: u64,
    flags: u8,
}

/// Text that is not a valid `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid traceparent")]
pub struct TraceparentError;

impl Traceparent {
    /// Starts a trace, not sampled.
    pub fn start(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self { trace: u128::from_be_bytes(bytes).max(1), parent: step(entropy), flags: 0 }
    }

    /// The next step of the same trace.
    #[must_use]
    pub fn next(self, entropy: &dyn Entropy) -> Self {
        Self { parent: step(entropy), ..self }
    }

    /// The trace, 32 hexadecimal digits: what logs of several nodes are joined by.
    pub fn trace_id(self) -> String {
        format!("{:032x}", self.trace)
    }

    /// What the running task works for, when [`Traceparent::scope`] surrounds it.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|current| *current).ok()
    }

    /// The one that a message came with, if it came with a valid one.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        headers.get(HEADER)?.to_str().ok()?.parse().ok()
    }

    /// Sends it along with a message.
    pub fn write(self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::try_from(self.to_string()) {
            headers.insert(HEADER, value);
        }
    }

    /// Runs `work` with this as [`Traceparent::current`]. Tasks that `work` spawns do not inherit it.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }
}

/// Zero means "none", so it is left out.
fn step(entropy: &dyn Entropy) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_be_bytes(bytes).max(1)
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.parent, self.flags)
    }
}

impl FromStr for Traceparent {
    type Err = TraceparentError;

    /// Later versions are read as far as version 00 goes, as the specification asks.
    fn from_str(text: &str) -> Result<Self, TraceparentError> {
        let mut parts = text.split('-');
        let mut part = |digits| parts.next().and_then(|part| lower_hex(part, digits)).ok_or(TraceparentError);
        let version = part(2)?;
        let trace = part(32)?;
        let parent = part(16)? as u64;
        let flags = part(2)? as u8;
        let more = parts.next().is_some();
        if version == 0xff || (version == 0 && more) || trace == 0 || parent == 0 {
            return Err(TraceparentError);
        }
        Ok(Self { trace, parent, flags })
    }
}

fn lower_hex(part: &str, digits: usize) -> Option<u128> {
    let lower = part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if part.len() == digits && lower { u128::from_str_radix(part, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    const EXAMPLE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn the_example_of_the_specification_survives() {
        assert_eq!(EXAMPLE.parse::<Traceparent>().unwrap().to_string(), EXAMPLE);
        let later = format!("cc{}-what-comes-later", &EXAMPLE[2..]);
        assert_eq!(later.parse::<Traceparent>().unwrap().to_string(), EXAMPLE);
    }

    #[test]
    fn other_text_is_refused() {
        for bad in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(bad.parse::<Traceparent>(), Err(TraceparentError), "{bad:?}");
        }
    }

    #[test]
    fn steps_stay_in_the_trace() {
        let first = Traceparent::start(&SystemEntropy);
        let second = first.next(&SystemEntropy);
        assert_eq!(first.to_string()[..36], second.to_string()[..36]);
        assert_ne!(first, second);
        assert_eq!(first.to_string().parse(), Ok(first));
    }

    #[test]
    fn headers_carry_it() {
        let mut headers = HeaderMap::new();
        assert_eq!(Traceparent::read(&headers), None);
        let one = Traceparent::start(&SystemEntropy);
        one.write(&mut headers);
        assert_eq!(headers["traceparent"], one.to_string());
        assert_eq!(Traceparent::read(&headers), Some(one));
        one.next(&SystemEntropy).write(&mut headers);
        assert_eq!(headers.len(), 1);
        headers.insert("traceparent", HeaderValue::from_static("Taylor"));
        assert_eq!(Traceparent::read(&headers), None);
    }

    #[tokio::test]
    async fn the_current_one_is_known_within_its_scope() {
        assert_eq!(Traceparent::current(), None);
        let one = Traceparent::start(&SystemEntropy);
        assert_eq!(one.scope(async { Traceparent::current() }).await, Some(one));
        assert_eq!(Traceparent::current(), None);
    }
}
