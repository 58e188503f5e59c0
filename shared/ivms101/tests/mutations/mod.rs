//! What happens to documents on their way. The fuzz targets use it too.

use serde_json::{Value, json};

/// Every place of a document, as a JSON pointer.
pub fn places(document: &Value) -> Vec<String> {
    fn collect(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Array(entries) => {
                entries.iter().enumerate().for_each(|(n, it)| collect(it, &format!("{at}/{n}"), found));
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, it)| collect(it, &format!("{at}/{name}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(document, "", &mut found);
    found
}

/// Something that happens to one place of a document.
#[derive(Debug, Clone)]
pub enum Mutation {
    /// Another value stands there.
    Replace(Value),
    /// The value stands in a list.
    Wrap,
    /// The last entry stands in place of its list.
    Unwrap,
    /// Every entry of a list stands twice.
    Twice,
    /// The field is gone.
    Remove,
    /// The field has another name.
    Rename(&'static str),
}

/// All that happens.
pub fn mutations() -> Vec<Mutation> {
    let values = [
        json!(null),
        json!(""),
        json!(" "),
        json!(7),
        json!(-1),
        json!(true),
        json!([]),
        json!({}),
        json!([""]),
        json!([null, "", "a", 5, "b"]),
        json!("ZZ"),
        json!("LEGL"),
        json!("2999-01-01"),
        json!("a\u{0}"),
        json!("é".repeat(300)),
        json!([[{"naturalPerson": {}}]]),
        json!({"legalPerson": {}, "naturalPerson": {}}),
    ];
    let names = [
        "persons",
        "originator",
        "Originator",
        "natural_person",
        "legalPerson",
        "accountNumber",
        "name",
        "a.b[0]",
        "",
        "né",
    ];
    let plain = [Mutation::Wrap, Mutation::Unwrap, Mutation::Twice, Mutation::Remove];
    let replaced = values.into_iter().map(Mutation::Replace);
    replaced.chain(names.map(Mutation::Rename)).chain(plain).collect()
}

impl Mutation {
    /// Lets it happen at one of the places.
    pub fn happen(&self, document: &mut Value, place: &str) {
        let Some(value) = document.pointer_mut(place) else { return };
        match self {
            Self::Replace(by) => *value = by.clone(),
            Self::Wrap => *value = json!([value.take()]),
            Self::Unwrap => {
                if let Value::Array(entries) = value {
                    *value = entries.pop().unwrap_or_default();
                }
            }
            Self::Twice => {
                if let Value::Array(entries) = value {
                    entries.extend(entries.clone());
                }
            }
            Self::Remove | Self::Rename(_) => {
                let Some((parent, name)) = place.rsplit_once('/') else { return };
                let Some(Value::Object(fields)) = document.pointer_mut(parent) else { return };
                let Some(value) = fields.shift_remove(name) else { return };
                if let Self::Rename(name) = self {
                    fields.insert((*name).to_owned(), value);
                }
            }
        }
    }
}
