//! From bytes to a document.
//!
//! The usual JSON reader keeps the last of several fields with the same name and says nothing. Here the first is kept,
//! and the others are findings.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::document::{Document, finish, read_document};
use super::reading::Reading;
use crate::path::{Path, field_name};

/// The longest document that is read, in bytes. The nodes exchange at most 40 KiB.
pub const MAX_BYTES: usize = 256 * 1024;

/// Why bytes are no document. Repeats nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Longer than [`MAX_BYTES`].
    #[error("the document is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The bytes are not UTF-8.
    #[error("the document is not UTF-8 text")]
    Encoding,
    /// Objects and lists stand inside each other too often: 128 times is the limit.
    #[error("the document is nested too deeply")]
    TooDeep,
    /// The text is not JSON.
    #[error("the document is not JSON: line {line}, column {column}")]
    Json {
        /// Line of the first mistake, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
    },
}

/// Reads a document from JSON text, as [`read`](super::read) does from a value. Fields that stand twice under exactly
/// the same name are findings, too.
///
/// # Errors
/// [`Unreadable`] when it is too long or not JSON.
pub fn read_json(json: &[u8]) -> Result<Document, Unreadable> {
    let mut reading = Reading::default();
    let value = parse(json, &mut reading)?;
    let (payload, _) = read_document(&value, &mut reading);
    Ok(finish(payload, reading, &value))
}

/// The value, with findings about fields that stand twice.
pub(super) fn parse(json: &[u8], reading: &mut Reading) -> Result<Value, Unreadable> {
    if json.len() > MAX_BYTES {
        return Err(Unreadable::TooLong);
    }
    let text = std::str::from_utf8(json).map_err(|_| Unreadable::Encoding)?;
    let text = text.trim_start_matches('\u{feff}');
    let reading = RefCell::new(reading);
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Tree { path: &Path::Base(""), reading: &reading }.deserialize(&mut json);
    value.and_then(|value| json.end().map(|()| value)).map_err(|error| {
        // The only way to tell: the library has no kind for it.
        if error.to_string().starts_with("recursion limit exceeded") {
            return Unreadable::TooDeep;
        }
        Unreadable::Json { line: error.line(), column: error.column() }
    })
}

/// Builds a value, looking for fields that stand twice.
#[derive(Clone, Copy)]
struct Tree<'a, 'r> {
    path: &'a Path<'a>,
    reading: &'a RefCell<&'r mut Reading>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) =
            entries.next_element_seed(Tree { path: &self.path.item(list.len()), reading: self.reading })?
        {
            list.push(entry);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let path = self.path.key(field_name(&name));
            let value = fields.next_value_seed(Tree { path: &path, reading: self.reading })?;
            match map.get(&name) {
                Some(first) => self.reading.borrow_mut().twice(&path, *first == value),
                None => drop(map.insert(name, value)),
            }
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;

    #[test]
    fn a_field_that_stands_twice_under_one_name_is_named() {
        let json =
            br#"{"beneficiary": {"accountNumber": ["0xAb"], "accountNumber": ["0xcd"]}, "x": 1, "x": 1}"#;
        let document = read_json(json).unwrap();
        assert_eq!(document.payload.beneficiary.account_number(), Some("0xAb"));
        let found: Vec<_> = document.findings.iter().map(|it| (it.path.as_str(), it.severity)).collect();
        let expected = [
            ("", Severity::Warning), // an unknown field, kept
            ("beneficiary.accountNumber", Severity::Error),
            ("x", Severity::Warning),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let refused = |json: &[u8]| read_json(json).unwrap_err();
        assert_eq!(refused(b"{\"a\": \n ]"), Unreadable::Json { line: 2, column: 2 });
        assert_eq!(refused(b""), Unreadable::Json { line: 1, column: 0 });
        assert_eq!(refused(b"{} {}"), Unreadable::Json { line: 1, column: 4 });
        assert_eq!(refused(b"\"\xff\""), Unreadable::Encoding);
        assert_eq!(refused("[".repeat(100_000).as_bytes()), Unreadable::TooDeep);
        assert_eq!(refused(&[b' '; MAX_BYTES + 1]), Unreadable::TooLong);
        assert!(read_json("\u{feff}{}".as_bytes()).is_ok());
    }

    #[test]
    fn numbers_and_texts_come_through() {
        let json = r#"{"a": [18446744073709551615, -5, 1.5, true, null, "민\u0041\n"], "b": {}}"#;
        let mut reading = Reading::default();
        assert_eq!(
            parse(json.as_bytes(), &mut reading).unwrap(),
            serde_json::from_str::<Value>(json).unwrap()
        );
        assert!(reading.findings.into_sorted().is_empty());
    }
}
