//! Finding a field in the document that it was read from, as the document spells it.
//!
//! The reader takes many spellings and shapes and forgets them; only a finding needs them back, and findings are rare.
//! So the way that the reader went is gone once more, for the one path.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::keys;
use crate::read::{entries, is_blank, same_name};

/// What counts the entries of a list of texts: the reader leaves out those that are blank or no text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Every entry.
    ByDocument,
    /// Those that were read.
    ByModel,
}

/// The path of `field`, which is a path by the names of the model, as `document` spells it. What the document does not
/// have is named as the model does. The document stands under the dotted path `base`.
pub(crate) fn as_spelt(document: &Value, base: &str, field: &str, counted: Counted) -> String {
    go(document, base, field, counted).path
}

/// True when the document has a value in this field, which is a path by the names of the model.
pub(crate) fn is_given(document: &Value, field: &str) -> bool {
    go(document, "", field, Counted::ByDocument).at.is_some_and(|value| !is_blank(value))
}

fn go<'v, 'f>(document: &'v Value, base: &str, field: &'f str, counted: Counted) -> Way<'v, 'f> {
    let mut way = Way { path: base.to_owned(), at: Some(document), counted, before: "" };
    for segment in field.strip_prefix(base).unwrap_or(field).split('.').filter(|it| !it.is_empty()) {
        let (name, index) = split(segment);
        way.go(name, index);
        way.before = name;
    }
    way
}

/// `accountNumber[0]` is the field `accountNumber` and the index 0.
fn split(segment: &str) -> (&str, Option<usize>) {
    match segment.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
        None => (segment, None),
    }
}

/// How far we came.
struct Way<'v, 'f> {
    /// As the document spells it.
    path: String,
    /// What stands there, if anything does.
    at: Option<&'v Value>,
    counted: Counted,
    /// The name of the field that we came through.
    before: &'f str,
}

impl<'v> Way<'v, '_> {
    fn go(&mut self, name: &str, index: Option<usize>) {
        self.enter_listed_object();
        if name == keys::ACCOUNT_NUMBER.name
            && self.counted == Counted::ByModel
            && let Some(fields) = self.at.and_then(Value::as_object)
            && self.account_of_person(fields, index)
        {
            return;
        }
        // A VASP or a transfer path may lack the wrapping in a field of its own name, or have one more.
        let wrapped_once = name == self.before && self.at.is_some() && self.find(name).is_none();
        if !wrapped_once {
            if self.find(name).is_none() && self.find(self.before).is_some_and(|(_, inner)| inner.is_object())
            {
                self.key(self.before);
            }
            self.key(name);
        }
        if let Some(index) = index {
            self.item(index, name == keys::ADDRESS_LINE.name || name == keys::ACCOUNT_NUMBER.name);
        }
    }

    fn find(&self, name: &str) -> Option<(&'v str, &'v Value)> {
        self.at.and_then(Value::as_object).and_then(|fields| find(fields, name))
    }

    fn key(&mut self, name: &str) {
        // A bare value may stand for an object with this field only.
        if matches!(self.at, Some(Value::String(_) | Value::Number(_) | Value::Bool(_))) {
            return;
        }
        let found = self.find(name);
        self.at = found.map(|(_, value)| value);
        let spelt = found.map_or(name, |(spelt, _)| spelt);
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(spelt);
    }

    /// A list of one object is read where one object belongs.
    fn enter_listed_object(&mut self) {
        if !self.before.is_empty()
            && let Some(Value::Array(entries)) = self.at
            && let [only @ Value::Object(_)] = entries.as_slice()
        {
            self.at = Some(only);
            self.path.push_str("[0]");
        }
    }

    /// A list of one may be written without its brackets.
    fn item(&mut self, index: usize, texts: bool) {
        let index = match self.at {
            Some(Value::Array(entries)) if texts && self.counted == Counted::ByModel => {
                nth_text(entries, index).unwrap_or(index)
            }
            Some(Value::Array(_)) | None => index,
            Some(_) => return,
        };
        self.at = self.at.and_then(|list| list.get(index));
        // Cannot fail: writing to a string.
        let _ = write!(self.path, "[{index}]");
    }

    /// The accounts of a party are its own and then those of its persons. False when it is one of its own.
    fn account_of_person(&mut self, fields: &'v Map<String, Value>, index: Option<usize>) -> bool {
        let own = find(fields, keys::ACCOUNT_NUMBER.name).map_or(0, |(_, value)| count_texts(value));
        let (wanted, mut before) = (index.unwrap_or(0), own);
        for persons in [&keys::ORIGINATOR_PERSONS, &keys::BENEFICIARY_PERSONS] {
            let list = find(fields, persons.name).map_or(&[][..], |(_, list)| entries(list));
            for (at, person) in list.iter().enumerate() {
                let accounts = person.as_object().and_then(|fields| find(fields, keys::ACCOUNT_NUMBER.name));
                let number = accounts.map_or(0, |(_, value)| count_texts(value));
                if (before..before + number).contains(&wanted) {
                    self.key(persons.name);
                    self.item(at, false);
                    self.key(keys::ACCOUNT_NUMBER.name);
                    if index.is_some() {
                        self.item(wanted - before, true);
                    }
                    return true;
                }
                before += number;
            }
        }
        false
    }
}

/// The spelling that the reader takes: the first that has a value, else one that is there without.
fn find<'v>(fields: &'v Map<String, Value>, name: &str) -> Option<(&'v str, &'v Value)> {
    let spelt = keys::spellings(name)
        .flat_map(|spelling| fields.iter().filter(move |(given, _)| same_name(given, spelling)));
    let mut blank = None;
    for (name, value) in spelt {
        if !is_blank(value) {
            return Some((name, value));
        }
        blank = blank.or(Some((name.as_str(), value)));
    }
    blank
}

fn nth_text(entries: &[Value], index: usize) -> Option<usize> {
    entries.iter().enumerate().filter(|(_, entry)| is_text(entry)).nth(index).map(|(at, _)| at)
}

fn count_texts(list: &Value) -> usize {
    entries(list).iter().filter(|entry| is_text(entry)).count()
}

fn is_text(value: &Value) -> bool {
    value.is_string() && !is_blank(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_found_as_the_document_spells_them() {
        let document = json!({
            "originator": {"originatorPerson": {"naturalPerson": {
                "name": {"nameIdentifier": {"naturalPersonNameIdentifierType": "X"}},
                "geographicAddress": [{"addressLine": ["", "one", null, "two"], "postCode": "1", "postcode": ""}]
            }}},
            "originatingVASP": {"legalPerson": {"name": {}}},
            "beneficiaryVASP": {"beneficiaryVASP": {"legalPerson": {}}}
        });
        let person = "originator.originatorPersons[0].naturalPerson";
        for (field, spelt) in [
            ("", ""),
            ("originator.accountNumber", "originator.accountNumber"),
            (
                &format!("{person}.name.nameIdentifier[0].nameIdentifierType"),
                "originator.originatorPerson.naturalPerson.name.nameIdentifier.naturalPersonNameIdentifierType",
            ),
            (
                &format!("{person}.geographicAddress[0].addressLine[1]"),
                "originator.originatorPerson.naturalPerson.geographicAddress[0].addressLine[3]",
            ),
            (
                &format!("{person}.geographicAddress[0].postcode"),
                "originator.originatorPerson.naturalPerson.geographicAddress[0].postCode",
            ),
            ("originatingVASP.originatingVASP.legalPerson.name", "originatingVASP.legalPerson.name"),
            (
                "beneficiaryVASP.beneficiaryVASP.legalPerson.name",
                "beneficiaryVASP.beneficiaryVASP.legalPerson.name",
            ),
        ] {
            assert_eq!(as_spelt(&document, "", field, Counted::ByModel), spelt);
        }
        let based = as_spelt(
            &document,
            "payload.ivms101",
            "payload.ivms101.originator.originatorPersons[0]",
            Counted::ByModel,
        );
        assert_eq!(based, "payload.ivms101.originator.originatorPerson");
    }

    #[test]
    fn accounts_of_persons_are_found_where_they_stand() {
        let document = json!({"beneficiary": {
            "accountNumber": ["own"],
            "beneficiaryPerson": [{"accountNumber": ["", "first"]}, {}, {"accountNumber": "second"}]
        }});
        for (at, spelt) in [
            "beneficiary.accountNumber[0]",
            "beneficiary.beneficiaryPerson[0].accountNumber[1]",
            "beneficiary.beneficiaryPerson[2].accountNumber",
            "beneficiary.accountNumber[3]",
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(
                as_spelt(&document, "", &format!("beneficiary.accountNumber[{at}]"), Counted::ByModel),
                spelt
            );
        }
    }
}
