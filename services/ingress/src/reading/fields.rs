//! Taking a JSON object apart. Every method gets the whole dotted path, whose last segment is the field's name: it is
//! what a refusal repeats.

use std::str::FromStr;

use serde_json::{Map, Value};
use waybill_domain::{Fault, Timestamp, codes, limits, parse_time};

/// An object of a request. Fields are read in the order of the interface documents, so that the first fault found is
/// the first in the document.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'v>(&'v Map<String, Value>);

impl<'v> Fields<'v> {
    /// The body itself.
    pub(crate) fn of_body(body: &'v Value) -> Result<Self, Fault> {
        body.as_object().map(Self).ok_or_else(|| {
            let mut fault = codes::malformed_json();
            fault.message = "The body must be a JSON object".into();
            fault
        })
    }

    /// A mandatory value of any type. `null` counts as absent.
    pub(crate) fn value(self, path: &str) -> Result<&'v Value, Fault> {
        self.optional(path).ok_or_else(|| Fault::missing(path))
    }

    /// A mandatory object.
    pub(crate) fn object(self, path: &str) -> Result<Self, Fault> {
        self.value(path)?.as_object().map(Self).ok_or_else(|| Fault::invalid(path))
    }

    /// An object that may be absent.
    pub(crate) fn optional_object(self, path: &str) -> Result<Option<Self>, Fault> {
        self.optional(path).map(|_| self.object(path)).transpose()
    }

    /// A mandatory `true` or `false`.
    pub(crate) fn flag(self, path: &str) -> Result<bool, Fault> {
        self.value(path)?.as_bool().ok_or_else(|| Fault::invalid(path))
    }

    /// A mandatory text of 1 to `limit` characters without control characters.
    pub(crate) fn text(self, path: &str, limit: usize) -> Result<&'v str, Fault> {
        let text = self.value(path)?.as_str().filter(|text| limits::fits(text, limit));
        text.ok_or_else(|| Fault::invalid(path))
    }

    /// A text that may be absent. Empty text counts as absent: many programs send it for what they do not have.
    pub(crate) fn optional_text(self, path: &str, limit: usize) -> Result<Option<&'v str>, Fault> {
        match self.optional(path) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(_) => self.text(path, limit).map(Some),
        }
    }

    /// A mandatory text that stands for something.
    pub(crate) fn parsed<T: FromStr>(self, path: &str) -> Result<T, Fault> {
        let text = self.value(path)?.as_str();
        text.and_then(|text| text.parse().ok()).ok_or_else(|| Fault::invalid(path))
    }

    /// A mandatory time, also under an older name of the field.
    pub(crate) fn time(self, path: &str, older: &str) -> Result<Timestamp, Fault> {
        let found =
            self.optional(path).or_else(|| self.optional(older)).ok_or_else(|| Fault::missing(path))?;
        found.as_str().and_then(|text| parse_time(text).ok()).ok_or_else(|| Fault::invalid(path))
    }

    fn optional(self, path: &str) -> Option<&'v Value> {
        let name = path.rsplit('.').next().unwrap_or(path);
        self.0.get(name).filter(|value| !value.is_null())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waybill_domain::KeyType;

    use super::*;

    fn message<T>(read: Result<T, Fault>) -> String {
        read.map(drop).unwrap_err().to_string()
    }

    #[test]
    fn what_is_absent_or_null_is_missing() {
        for body in [json!({}), json!({"symbol": null})] {
            let asset = Fields::of_body(&body).unwrap();
            let missing = "MISSING-SYMBOL: `assetInfo.symbol` is required.";
            assert_eq!(message(asset.text("assetInfo.symbol", 16)), missing);
            assert_eq!(message(asset.value("assetInfo.symbol")), missing);
            assert_eq!(message(asset.object("assetInfo.symbol")), missing);
            assert_eq!(message(asset.flag("assetInfo.symbol")), missing);
            assert_eq!(message(asset.parsed::<KeyType>("assetInfo.symbol")), missing);
            assert_eq!(message(asset.time("assetInfo.symbol", "older")), missing);
            assert_eq!(asset.optional_text("assetInfo.symbol", 16), Ok(None));
        }
    }

    #[test]
    fn what_has_a_wrong_type_or_value_is_invalid() {
        let invalid = "INVALID-NAME: `name` is invalid value.";
        for value in [json!(1), json!([]), json!("\u{7}"), json!("x".repeat(5))] {
            let body = json!({"name": value});
            let fields = Fields::of_body(&body).unwrap();
            assert_eq!(message(fields.text("name", 4)), invalid);
            assert_eq!(message(fields.optional_text("name", 4)), invalid);
            assert_eq!(message(fields.parsed::<KeyType>("name")), invalid);
            assert_eq!(message(fields.flag("name")), invalid);
            assert_eq!(message(fields.object("name")), invalid);
            assert_eq!(message(fields.time("name", "older")), invalid);
        }
    }

    #[test]
    fn empty_text_is_invalid_where_it_is_mandatory_and_absent_where_it_is_not() {
        let body = json!({"vout": ""});
        let fields = Fields::of_body(&body).unwrap();
        assert_eq!(message(fields.text("vout", 4)), "INVALID-VOUT: `vout` is invalid value.");
        assert_eq!(fields.optional_text("vout", 4), Ok(None));
    }

    #[test]
    fn a_time_is_found_under_its_older_name_and_called_by_the_newer() {
        let body = json!({"older": "2022-03-03T21:52:08.092Z", "wrong": "yesterday"});
        let fields = Fields::of_body(&body).unwrap();
        assert!(fields.time("newer", "older").is_ok());
        assert_eq!(message(fields.time("newer", "wrong")), "INVALID-NEWER: `newer` is invalid value.");
    }

    #[test]
    fn a_body_is_an_object() {
        for body in [json!([]), json!("text"), json!(1), json!(null)] {
            let fault = Fields::of_body(&body).map(drop).unwrap_err();
            assert_eq!((fault.status, &*fault.code), (400, "MALFORMED-JSON"));
        }
    }
}
