//! The body of an answer as JSON, or not at all: what is no whole document of the right shape is never read as empty.

use std::fmt;
use std::marker::PhantomData;

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use waybill_egress::Answer;

use crate::VendorError;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The object that an answer consists of. An array is refused, also where serde would read `T` from one.
///
/// # Errors
/// [`VendorError::Unusable`].
pub fn json<T: DeserializeOwned>(answer: &Answer) -> Result<T, VendorError> {
    document::<Object<T>>(answer).map(|object| object.0)
}

/// The array of objects that an answer consists of.
///
/// # Errors
/// [`VendorError::Unusable`].
pub fn json_list<T: DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, VendorError> {
    let list: Vec<Object<T>> = document(answer)?;
    Ok(list.into_iter().map(|object| object.0).collect())
}

fn document<T: DeserializeOwned>(answer: &Answer) -> Result<T, VendorError> {
    if is_encoded(&answer.headers) {
        return Err(VendorError::Unusable("encoded body"));
    }
    if answer.body.is_empty() {
        return Err(VendorError::Unusable("empty body"));
    }
    if !is_json(&answer.headers) {
        return Err(VendorError::Unusable("content type"));
    }
    if answer.body.starts_with(BYTE_ORDER_MARK) {
        return Err(VendorError::Unusable("byte order mark"));
    }
    // The library's message may repeat what was sent.
    serde_json::from_slice(&answer.body).map_err(|error| {
        VendorError::Unusable(if error.is_data() { "another document than expected" } else { "not JSON" })
    })
}

/// Nothing is decompressed, and nothing was asked for.
pub(crate) fn is_encoded(headers: &HeaderMap) -> bool {
    let encoding = headers.get(CONTENT_ENCODING);
    encoding.is_some_and(|encoding| !encoding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// What is read from an object only. Serde would read a struct from an array too, and from `[]` one of which everything is
/// optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use http::{HeaderValue, StatusCode};

    use super::*;
    use crate::Decimal;

    #[derive(Debug, PartialEq, Default, Deserialize)]
    struct Alert {
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        amount: Option<Decimal>,
    }

    fn answer(kind: &'static str, body: &'static [u8]) -> Answer {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        Answer { status: StatusCode::OK, headers, body: Bytes::from_static(body), took: Duration::ZERO }
    }

    fn read(kind: &'static str, body: &'static [u8]) -> Result<Alert, VendorError> {
        json(&answer(kind, body))
    }

    #[test]
    fn objects_are_read_with_their_numbers_as_sent() {
        for kind in ["application/json", "application/json; charset=UTF-8", "Application/Problem+JSON"] {
            let alert = read(kind, br#" {"amount":1e2,"more":[1]} "#).unwrap();
            assert_eq!(alert, Alert { name: None, amount: Some("100".parse().unwrap()) });
        }
        let list: Vec<Alert> = json_list(&answer("application/json", br#"[{"name":"a"},{}]"#)).unwrap();
        assert_eq!(list, [Alert { name: Some("a".to_owned()), amount: None }, Alert::default()]);
        assert_eq!(json_list::<Alert>(&answer("application/json", b"[]")), Ok(Vec::new()));
    }

    #[test]
    fn nothing_else_is_read_as_an_empty_object() {
        let bodies: [&[u8]; 12] = [
            b"",
            b" ",
            b"null",
            b"[]",
            b"[null,null]",
            b"\"\"",
            b"0",
            b"{",
            b"{\"name\":\"a",
            b"{}{}",
            b"{}\0",
            b"\xef\xbb\xbf{}",
        ];
        for body in bodies {
            assert!(matches!(read("application/json", body), Err(VendorError::Unusable(_))), "{body:?}");
        }
        assert!(read("application/json", b"{\"name\":\"\xff\"}").is_err(), "not UTF-8");
        for kind in ["text/html", "text/plain", "", "application/jsonp"] {
            assert_eq!(read(kind, b"{}"), Err(VendorError::Unusable("content type")), "{kind}");
        }
        for body in [&b"{}"[..], b"null", b"[[]]", b"[null]", b"[1]"] {
            assert!(json_list::<Alert>(&answer("application/json", body)).is_err(), "{body:?}");
        }
    }

    #[test]
    fn an_encoded_body_is_not_read() {
        for (encoding, readable) in [("gzip", false), ("br", false), ("identity", true)] {
            let mut answer = answer("application/json", b"{}");
            answer.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            assert_eq!(json::<Alert>(&answer).is_ok(), readable, "{encoding}");
        }
    }

    #[test]
    fn what_was_sent_is_in_no_error() {
        let error = read("application/json", b"{\"name\":{\"Taylor\":1}}").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("Taylor"));
    }
}
