//! Building an object, leaving out what is absent.

use serde_json::{Map, Value};

use crate::keys::Key;
use crate::model::{Other, Private};

/// An object that is being written.
#[derive(Default)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn value(mut self, key: &Key, value: Option<Value>) -> Self {
        if let Some(value) = value {
            self.0.insert(key.name.to_owned(), value);
        }
        self
    }

    pub(super) fn text(self, key: &Key, text: Option<&str>) -> Self {
        self.value(key, text.filter(|text| !text.is_empty()).map(Value::from))
    }

    pub(super) fn private(self, key: &Key, text: &Option<Private<String>>) -> Self {
        self.text(key, text.as_deref().map(String::as_str))
    }

    pub(super) fn values(self, key: &Key, entries: Vec<Value>) -> Self {
        self.value(key, (!entries.is_empty()).then(|| entries.into()))
    }

    pub(super) fn texts(self, key: &Key, texts: &[Private<String>]) -> Self {
        self.values(key, texts.iter().map(|text| Value::from(text.as_str())).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the unknown fields and closes the object.
    pub(super) fn finish(mut self, other: &Other) -> Value {
        for (name, value) in &other.0 {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
        Value::Object(self.0)
    }
}
