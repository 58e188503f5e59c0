//! Reads JSON from strangers: no duplicate names, no deep nesting, and errors that repeat nothing of it.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use waybill_domain::{Fault, codes};

/// Objects and arrays that may stand inside one another.
pub const MAX_DEPTH: usize = 64;

/// Reads one JSON value (RFC 8259) in a single pass.
///
/// # Errors
/// `NESTED-TOO-DEEPLY` beyond [`MAX_DEPTH`]; `MALFORMED-JSON` with the place, but nothing of the content, when it
/// is not JSON, not UTF-8, or an object has a name twice.
pub fn parse_json(bytes: &[u8]) -> Result<Value, Fault> {
    let problem = Cell::new(Problem::Syntax);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Strict { levels_left: MAX_DEPTH, problem: &problem };
    let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| fault_of(problem.get(), &error))
}

/// What was wrong, noted aside because serde's errors carry only text.
#[derive(Clone, Copy)]
enum Problem {
    Syntax,
    DuplicateName,
    Depth,
}

fn fault_of(problem: Problem, error: &serde_json::Error) -> Fault {
    let detail = match problem {
        Problem::Depth => return codes::nested_too_deeply(),
        Problem::DuplicateName => ": an object has a name twice",
        Problem::Syntax => "",
    };
    let mut fault = codes::malformed_json();
    let place = format!(" (line {}, column {})", error.line(), error.column());
    fault.message.to_mut().push_str(&format!("{detail}{place}"));
    fault
}

/// Builds a [`Value`] and refuses what serde_json lets pass.
#[derive(Clone, Copy)]
struct Strict<'a> {
    levels_left: usize,
    problem: &'a Cell<Problem>,
}

impl Strict<'_> {
    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.levels_left.checked_sub(1) {
            Some(levels_left) => Ok(Self { levels_left, ..self }),
            None => Err(self.refuse(Problem::Depth)),
        }
    }

    fn refuse<E: Error>(self, problem: Problem) -> E {
        self.problem.set(problem);
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if object.insert(name, fields.next_value_seed(inside)?).is_some() {
                return Err(self.refuse(Problem::DuplicateName));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &[u8]) -> String {
        parse_json(text).unwrap_err().code.into_owned()
    }

    #[test]
    fn ordinary_json_is_read_as_serde_json_reads_it() {
        for text in [
            r#"{"b":[1,-2,3.5,1e3,true,false,null],"a":{"c":"\u00e9\n","d":{}}}"#,
            "\"text\"",
            " [ ] ",
            "18446744073709551615",
            "-0",
        ] {
            assert_eq!(parse_json(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place_only() {
        let fault = parse_json(b"{\n  \"name\": \"Robbins\" oops}").unwrap_err();
        assert_eq!(fault.code, "MALFORMED-JSON");
        assert!(fault.message.ends_with("(line 2, column 21)"), "{}", fault.message);
        for bad in [
            &b""[..],
            b"{",
            b"{}{}",
            b"\xff",
            b"\"\xff\"",
            b"\xef\xbb\xbf{}",
            b"\"\\ud800\"",
            b"1e999",
            b"NaN",
        ] {
            assert_eq!(code(bad), "MALFORMED-JSON", "{bad:?}");
        }
    }

    #[test]
    fn a_name_may_stand_once_in_an_object() {
        let fault = parse_json(br#"{"a":1,"b":{"secret":1,"\u0073ecret":2}}"#).unwrap_err();
        assert_eq!(fault.code, "MALFORMED-JSON");
        assert!(fault.message.contains("twice") && !fault.message.contains("secret"), "{}", fault.message);
        assert!(parse_json(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse_json(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(code(nested(MAX_DEPTH + 1).as_bytes()), "NESTED-TOO-DEEPLY");
        assert_eq!(code("[".repeat(100_000).as_bytes()), "NESTED-TOO-DEEPLY");
        assert_eq!(code("{\"a\":".repeat(100_000).as_bytes()), "NESTED-TOO-DEEPLY");
    }
}
