//! A message as it was seen, and the search for what must not be readable in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::demo::side::Side;

/// One exchange between the nodes, complete.
#[derive(Debug, Clone)]
pub struct Message {
    pub to: Side,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub status: StatusCode,
    pub answer_headers: HeaderMap,
    pub answer: Bytes,
}

impl Message {
    /// The last part of the path: `verifications`, `accounts`, …
    pub fn kind(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    pub fn question(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn reply(&self) -> Value {
        serde_json::from_slice(&self.answer).unwrap_or(Value::Null)
    }

    /// All bytes of both directions.
    pub fn size(&self) -> usize {
        self.body.len() + self.answer.len()
    }

    /// Which of the texts can be read: as they are in path, headers and bodies, or in what is base64 there.
    pub fn readable<'a>(&self, texts: &[&'a str]) -> Vec<&'a str> {
        let mut seen = self.path.clone().into_bytes();
        for value in self.headers.values().chain(self.answer_headers.values()) {
            seen.push(b'\n');
            seen.extend_from_slice(value.as_bytes());
        }
        for body in [&self.body, &self.answer] {
            seen.push(b'\n');
            seen.extend_from_slice(body);
        }
        for value in [self.question(), self.reply()] {
            add_decoded(&value, &mut seen);
        }
        readable_in(&seen, texts)
    }
}

/// Which of the texts stand in these bytes, letters in either case.
pub fn readable_in<'a>(bytes: &[u8], texts: &[&'a str]) -> Vec<&'a str> {
    let bytes = bytes.to_ascii_lowercase();
    let stands = |text: &&&str| {
        let text = text.to_ascii_lowercase();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    texts.iter().filter(stands).copied().collect()
}

fn add_decoded(value: &Value, seen: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            seen.push(b'\n');
            seen.extend(URL_SAFE_NO_PAD.decode(text).unwrap_or_default());
        }
        Value::Array(items) => items.iter().for_each(|item| add_decoded(item, seen)),
        Value::Object(fields) => fields.values().for_each(|field| add_decoded(field, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Everything that has passed so far, shared with the recorders. Each exchange has its place from its beginning: what it
/// caused may be seen before its answer has passed.
#[derive(Clone, Default)]
pub struct Wire {
    exchanges: Arc<Mutex<Vec<Option<Message>>>>,
}

/// The place of an exchange that has begun.
pub struct Begun(usize);

impl Wire {
    pub fn begin(&self) -> Begun {
        let mut exchanges = self.exchanges();
        exchanges.push(None);
        Begun(exchanges.len() - 1)
    }

    /// The exchange is complete. One that broke off is never kept.
    pub fn keep(&self, begun: Begun, message: Message) {
        self.exchanges()[begun.0] = Some(message);
    }

    /// How much has begun; what begins later is found with [`Wire::since`].
    pub fn mark(&self) -> usize {
        self.exchanges().len()
    }

    pub fn since(&self, mark: usize) -> Vec<Message> {
        self.exchanges().iter().skip(mark).flatten().cloned().collect()
    }

    fn exchanges(&self) -> MutexGuard<'_, Vec<Option<Message>>> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(body: &Value, header: &'static str) -> Message {
        let mut headers = HeaderMap::new();
        headers.insert("x-note", header.parse().unwrap());
        Message {
            to: Side::Robot,
            path: "/peer/v1/accounts".to_owned(),
            headers,
            body: body.to_string().into(),
            status: StatusCode::OK,
            answer_headers: HeaderMap::new(),
            answer: Bytes::from_static(b"{}"),
        }
    }

    #[test]
    fn an_exchange_belongs_to_where_it_began() {
        let wire = Wire::default();
        let (slow, _broken) = (wire.begin(), wire.begin());
        let mark = wire.mark();
        wire.keep(wire.begin(), message(&json!({"n": 1}), "nothing"));
        wire.keep(slow, message(&json!({"n": 0}), "nothing"));
        let numbers =
            |mark| wire.since(mark).iter().map(|seen| seen.question()["n"].clone()).collect::<Vec<_>>();
        assert_eq!(numbers(mark), [json!(1)]);
        assert_eq!(numbers(0), [json!(0), json!(1)]);
    }

    #[test]
    fn what_can_be_read_is_found_in_every_place() {
        let texts = ["Robbins", "Barnes"];
        let encoded = URL_SAFE_NO_PAD.encode("to robbins, by post");
        for (body, header) in [
            (json!({"name": "ROBBINS"}), "nothing"),
            (json!({"deep": [{"sealed": encoded}]}), "nothing"),
            (json!({}), "for Robbins"),
        ] {
            assert_eq!(message(&body, header).readable(&texts), ["Robbins"], "{body} {header}");
        }
        assert_eq!(message(&json!({"name": "nobody"}), "nothing").readable(&texts), [""; 0]);
    }
}
