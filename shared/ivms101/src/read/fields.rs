//! Taking an object apart, field by field, by any spelling, with its path at hand.

use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use waybill_domain::UnknownName;

use crate::finding::{Findings, Rule};
use crate::keys::Key;
use crate::model::{Other, Private};
use crate::path::Path;

/// An object that is being read. Each field is taken once; what is left over at the end is unknown.
pub(super) struct Fields<'v, 'p> {
    map: Option<&'v Map<String, Value>>,
    taken: Vec<&'v str>,
    path: &'p Path<'p>,
}

impl<'v, 'p> Fields<'v, 'p> {
    /// Opens an object. Anything else is a finding, and read as an object without fields.
    pub(super) fn open(value: &'v Value, path: &'p Path<'p>, findings: &mut Findings) -> Self {
        let map = value.as_object();
        if map.is_none() {
            findings.error(path, Rule::Shape, "An object is expected.");
        }
        Self { map, taken: Vec::new(), path }
    }

    /// The path of a field.
    pub(super) fn path_of(&self, key: &Key) -> Path<'p> {
        self.path.key(key.name)
    }

    /// The first spelling that has a value. `null`, blank text and empty lists count as absent; a second spelling
    /// with a value stays with the unknown fields.
    pub(super) fn take(&mut self, key: &Key) -> Option<&'v Value> {
        let map = self.map?;
        let mut found = None;
        for spelling in key.spellings() {
            match map.get_key_value(spelling) {
                Some((name, value)) if is_blank(value) => self.taken.push(name),
                Some((name, value)) if found.is_none() => {
                    self.taken.push(name);
                    found = Some(value);
                }
                _ => {}
            }
        }
        found
    }

    /// A field that is an object of its own.
    pub(super) fn object<T>(
        &mut self,
        key: &Key,
        findings: &mut Findings,
        read: impl Fn(&'v Value, &Path<'_>, &mut Findings) -> T,
    ) -> Option<T> {
        self.refuse_blank_text(key, findings);
        let value = self.take(key)?;
        Some(read(value, &self.path_of(key), findings))
    }

    /// A list; a value that is no list is read as a list of one.
    pub(super) fn list<T>(
        &mut self,
        key: &Key,
        findings: &mut Findings,
        read: impl Fn(&'v Value, &Path<'_>, &mut Findings) -> T,
    ) -> Vec<T> {
        self.refuse_blank_text(key, findings);
        self.entries(key, findings, read)
    }

    /// Where persons belong, a blank text is a mistake of the sender's program: read as absent it would let a check of
    /// names pass without a name.
    fn refuse_blank_text(&self, key: &Key, findings: &mut Findings) {
        let given = |spelling| self.map.and_then(|map| map.get(spelling));
        if key
            .spellings()
            .any(|spelling| given(spelling).is_some_and(|value| value.is_string() && is_blank(value)))
        {
            findings.error(&self.path_of(key), Rule::Shape, "A text is not expected here.");
        }
    }

    fn entries<T>(
        &mut self,
        key: &Key,
        findings: &mut Findings,
        read: impl Fn(&'v Value, &Path<'_>, &mut Findings) -> T,
    ) -> Vec<T> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let path = self.path_of(key);
        entries(value).iter().enumerate().map(|(at, entry)| read(entry, &path.item(at), findings)).collect()
    }

    /// A list of texts; blank ones are left out.
    pub(super) fn texts(&mut self, key: &Key, findings: &mut Findings) -> Vec<Private<String>> {
        let texts = self.entries(key, findings, |value, path, findings| match value {
            blank if is_blank(blank) => None,
            value => text(value, path, findings),
        });
        texts.into_iter().flatten().map(Private::from).collect()
    }

    /// A text.
    pub(super) fn text(&mut self, key: &Key, findings: &mut Findings) -> Option<Private<String>> {
        let value = self.take(key)?;
        text(value, &self.path_of(key), findings).map(Private::from)
    }

    /// A country code; either case is read.
    pub(super) fn country(&mut self, key: &Key, findings: &mut Findings) -> Option<Private<String>> {
        self.text(key, findings).map(|code| Private(code.to_ascii_uppercase()))
    }

    /// A value of a code list; either case is read.
    pub(super) fn code<T: FromStr<Err = UnknownName>>(
        &mut self,
        key: &Key,
        findings: &mut Findings,
    ) -> Option<T> {
        let value = self.take(key)?;
        let path = self.path_of(key);
        let code = text(value, &path, findings)?.to_ascii_uppercase().parse().ok();
        if code.is_none() {
            findings.error(&path, Rule::CodeList, "The value is not in the code list.");
        }
        code
    }

    /// A day, `YYYY-MM-DD`.
    pub(super) fn date(&mut self, key: &Key, findings: &mut Findings) -> Option<Private<NaiveDate>> {
        let value = self.take(key)?;
        let path = self.path_of(key);
        let date = calendar_day(text(value, &path, findings)?);
        if date.is_none() {
            findings.error(&path, Rule::Date, "A day written YYYY-MM-DD is expected.");
        }
        date.map(Private)
    }

    /// What was not taken.
    pub(super) fn rest(self, findings: &mut Findings) -> Other {
        let fields = self.map.into_iter().flatten();
        let unknown = fields.filter(|(name, _)| !self.taken.contains(&name.as_str()));
        let rest: Map<String, Value> = unknown.map(|(name, value)| (name.clone(), value.clone())).collect();
        if !rest.is_empty() {
            findings.warning(self.path, Rule::UnknownField, "The object has unknown fields; they are kept.");
        }
        Private(rest)
    }
}

/// A list's entries; a value that is no list is the only entry.
pub(super) fn entries(value: &Value) -> &[Value] {
    match value {
        Value::Array(entries) => entries,
        single => std::slice::from_ref(single),
    }
}

fn text<'v>(value: &'v Value, path: &Path<'_>, findings: &mut Findings) -> Option<&'v str> {
    let text = value.as_str();
    if text.is_none() {
        findings.error(path, Rule::Shape, "A text is expected.");
    }
    text
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Exactly `YYYY-MM-DD`: the parser alone would take `2022-3-3` and signs too.
fn calendar_day(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (date.to_string() == text).then_some(date)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys;

    fn with<T>(
        value: &Value,
        read: impl FnOnce(&mut Fields<'_, '_>, &mut Findings) -> T,
    ) -> (T, Vec<String>) {
        let mut findings = Findings::default();
        let path = Path::Base("a");
        let mut fields = Fields::open(value, &path, &mut findings);
        let result = read(&mut fields, &mut findings);
        let found = findings.into_sorted().into_iter().map(|f| format!("{} {}", f.path, f.rule)).collect();
        (result, found)
    }

    #[test]
    fn the_first_spelling_with_a_value_wins() {
        let value = json!({"postcode": "", "postCode": "AB1"});
        let (text, found) = with(&value, |fields, findings| fields.text(&keys::POSTCODE, findings));
        assert_eq!(text.as_deref().map(String::as_str), Some("AB1"));
        assert!(found.is_empty());
    }

    #[test]
    fn one_value_is_a_list_of_one_and_blanks_are_left_out() {
        let value = json!({"accountNumber": "0xab", "addressLine": ["one", " ", null, "two"]});
        let (lists, found) = with(&value, |fields, findings| {
            (fields.texts(&keys::ACCOUNT_NUMBER, findings), fields.texts(&keys::ADDRESS_LINE, findings))
        });
        assert_eq!(lists, (vec!["0xab".into()], vec!["one".into(), "two".into()]));
        assert!(found.is_empty());
    }

    #[test]
    fn wrong_types_are_named_by_their_path() {
        let value =
            json!({"accountNumber": ["0xab", 5], "floor": {}, "dateOfBirth": true, "addressType": "FARM"});
        let ((), found) = with(&value, |fields, findings| {
            fields.texts(&keys::ACCOUNT_NUMBER, findings);
            fields.code::<crate::model::AddressType>(&keys::ADDRESS_TYPE, findings);
            fields.text(&keys::FLOOR, findings);
            fields.date(&keys::DATE_OF_BIRTH, findings);
        });
        assert_eq!(
            found,
            ["a.accountNumber[1] SHAPE", "a.addressType CODE-LIST", "a.floor SHAPE", "a.dateOfBirth SHAPE"]
        );
    }

    #[test]
    fn days_have_one_spelling() {
        assert!(calendar_day("2000-02-29").is_some());
        for bad in ["2001-02-29", "2000-2-9", "+2000-02-09", "20000209", "2000-02-09T00:00:00Z", "09.02.2000"]
        {
            assert!(calendar_day(bad).is_none(), "{bad}");
        }
    }
}
