//! Taking an object apart, field by field, by any spelling, with its path at hand.

use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use waybill_domain::UnknownName;

use super::habits::Habit;
use super::reading::Reading;
use crate::finding::Rule;
use crate::keys::Key;
use crate::model::{Other, Private};
use crate::path::Path;

/// An object that is being read. Each field is taken once; what is left over at the end is unknown.
pub(super) struct Fields<'v, 'p> {
    map: Option<&'v Map<String, Value>>,
    /// For each field whether it was taken.
    taken: Vec<bool>,
    path: &'p Path<'p>,
}

impl<'v, 'p> Fields<'v, 'p> {
    /// Opens an object. Anything else is a finding, and read as an object without fields.
    pub(super) fn open(value: &'v Value, path: &'p Path<'p>, reading: &mut Reading) -> Self {
        let map = value.as_object();
        if map.is_none() {
            reading.findings.error(path, Rule::Shape, "An object is expected.");
        }
        Self { map, taken: vec![false; map.map_or(0, Map::len)], path }
    }

    /// False for what turned out to be no object.
    pub(super) fn are_there(&self) -> bool {
        self.map.is_some()
    }

    /// The path of a field.
    pub(super) fn path_of(&self, key: &Key) -> Path<'p> {
        self.path.key(key.name)
    }

    /// True when the value is an object with this field.
    pub(super) fn has(value: &Value, key: &Key) -> bool {
        let names = value.as_object().into_iter().flat_map(|map| map.keys());
        names.into_iter().any(|name| key.spellings().any(|spelling| same_name(name, spelling)))
    }

    /// The value of a field, by any spelling. `null`, blank text and empty lists count as absent. A second spelling
    /// with another value is an error, because nobody can know which one is meant; the first is read.
    pub(super) fn take(&mut self, key: &Key, reading: &mut Reading) -> Option<&'v Value> {
        let map = self.map?;
        let mut found: Option<&Value> = None;
        for spelling in key.spellings() {
            for ((name, value), taken) in map.iter().zip(&mut self.taken) {
                if *taken || !same_name(name, spelling) {
                    continue;
                }
                *taken = true;
                if is_blank(value) {
                    continue;
                }
                reading.habits.saw_name(key, spelling, name);
                match found {
                    None => found = Some(value),
                    Some(first) => reading.twice(&self.path.key(key.name), first == value),
                }
            }
        }
        found
    }

    /// A field, read whatever its type is.
    pub(super) fn any<T>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
        read: impl Fn(&'v Value, &Path<'_>, &mut Reading) -> T,
    ) -> Option<T> {
        self.refuse_blank_text(key, reading);
        let value = self.take(key, reading)?;
        Some(read(value, &self.path_of(key), reading))
    }

    /// A field that is an object of its own; a list of one object is read as that object.
    pub(super) fn object<T>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
        read: impl Fn(&'v Value, &Path<'_>, &mut Reading) -> T,
    ) -> Option<T> {
        self.any(key, reading, |value, path, reading| match value.as_array().map(Vec::as_slice) {
            Some([only @ Value::Object(_)]) => {
                reading.habits.saw(Habit::ListedObject);
                read(only, path, reading)
            }
            _ => read(value, path, reading),
        })
    }

    /// A field that is read if that gives no errors, and else stays with the unknown ones.
    pub(super) fn attempt<T>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
        read: impl Fn(&'v Value, &Path<'_>, &mut Reading) -> T,
    ) -> Option<T> {
        let (taken, mut trial) = (self.taken.clone(), Reading::default());
        self.any(key, &mut trial, &read)?;
        self.taken = taken;
        if trial.findings.has_errors() { None } else { self.any(key, reading, read) }
    }

    /// A list; a value that is no list is read as a list of one.
    pub(super) fn list<T>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
        read: impl Fn(&'v Value, &Path<'_>, &mut Reading) -> T,
    ) -> Vec<T> {
        self.refuse_blank_text(key, reading);
        self.entries(key, reading, read)
    }

    /// Where persons belong, a blank text is a mistake of the sender's program: read as absent it would let a check of
    /// names pass without a name.
    fn refuse_blank_text(&self, key: &Key, reading: &mut Reading) {
        let fields = self.map.into_iter().flatten();
        let mut blank_texts = fields.filter(|(_, value)| value.is_string() && is_blank(value));
        if blank_texts.any(|(name, _)| key.spellings().any(|spelling| same_name(name, spelling))) {
            reading.findings.error(&self.path_of(key), Rule::Shape, "A text is not expected here.");
        }
    }

    fn entries<T>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
        read: impl Fn(&'v Value, &Path<'_>, &mut Reading) -> T,
    ) -> Vec<T> {
        let Some(value) = self.take(key, reading) else { return Vec::new() };
        reading.habits.saw_if(!value.is_array(), Habit::BareEntry);
        let path = self.path_of(key);
        entries(value).iter().enumerate().map(|(at, entry)| read(entry, &path.item(at), reading)).collect()
    }

    /// A list of texts; blank ones are left out.
    pub(super) fn texts(&mut self, key: &Key, reading: &mut Reading) -> Vec<Private<String>> {
        let texts = self.entries(key, reading, |value, path, reading| match value {
            blank if is_blank(blank) => None,
            value => text(value, path, reading),
        });
        texts.into_iter().flatten().map(Private::from).collect()
    }

    /// A text.
    pub(super) fn text(&mut self, key: &Key, reading: &mut Reading) -> Option<Private<String>> {
        let value = self.take(key, reading)?;
        text(value, &self.path_of(key), reading).map(Private::from)
    }

    /// A country code; either case is read.
    pub(super) fn country(&mut self, key: &Key, reading: &mut Reading) -> Option<Private<String>> {
        let mut code = self.text(key, reading)?;
        code.make_ascii_uppercase();
        Some(code)
    }

    /// A value of a code list; either case is read.
    pub(super) fn code<T: FromStr<Err = UnknownName>>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
    ) -> Option<T> {
        let value = self.take(key, reading)?;
        code(value, &self.path_of(key), reading)
    }

    /// A list of values of a code list.
    pub(super) fn codes<T: FromStr<Err = UnknownName>>(
        &mut self,
        key: &Key,
        reading: &mut Reading,
    ) -> Vec<T> {
        let codes = self.entries(key, reading, |value, path, reading| match value {
            blank if is_blank(blank) => None,
            value => code(value, path, reading),
        });
        codes.into_iter().flatten().collect()
    }

    /// A number of at most 18 digits, also one written as text.
    pub(super) fn number(&mut self, key: &Key, reading: &mut Reading) -> Option<u64> {
        let value = self.take(key, reading)?;
        reading.habits.saw_if(value.is_string(), Habit::TextNumbers);
        let digits = |text: &&str| text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = match value {
            Value::String(text) => Some(text.as_str()).filter(digits).and_then(|text| text.parse().ok()),
            value => value.as_u64().filter(|number| *number < 10_u64.pow(18)),
        };
        if number.is_none() {
            let text = "A whole number of at most 18 digits is expected.";
            reading.findings.error(&self.path_of(key), Rule::Shape, text);
        }
        number
    }

    /// A day, `YYYY-MM-DD`.
    pub(super) fn date(&mut self, key: &Key, reading: &mut Reading) -> Option<Private<NaiveDate>> {
        let value = self.take(key, reading)?;
        date(value, &self.path_of(key), reading)
    }

    /// What was not taken.
    pub(super) fn rest(self, reading: &mut Reading) -> Other {
        if self.taken.iter().all(|taken| *taken) {
            return Other::default();
        }
        let text = "The object has unknown fields; they are kept.";
        reading.findings.warning(self.path, Rule::UnknownField, text);
        let fields = self.map.into_iter().flatten().zip(&self.taken);
        let unknown = fields.filter(|(_, taken)| !**taken).map(|(field, _)| field);
        Private(unknown.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

/// A list's entries; a value that is no list is the only entry.
pub(crate) fn entries(value: &Value) -> &[Value] {
    match value {
        Value::Array(entries) => entries,
        single => std::slice::from_ref(single),
    }
}

fn text<'v>(value: &'v Value, path: &Path<'_>, reading: &mut Reading) -> Option<&'v str> {
    let text = value.as_str();
    if text.is_none() {
        reading.findings.error(path, Rule::Shape, "A text is expected.");
    }
    text
}

/// A day, `YYYY-MM-DD`.
pub(super) fn date(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Option<Private<NaiveDate>> {
    let date = calendar_day(text(value, path, reading)?);
    if date.is_none() {
        reading.findings.error(path, Rule::Date, "A day written YYYY-MM-DD is expected.");
    }
    date.map(Private)
}

/// A value of a code list; either case is read, and the name of the list may stand in front of it, as protobuf writes
/// it: `ADDRESS_TYPE_CODE_HOME`.
fn code<T: FromStr<Err = UnknownName>>(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Option<T> {
    let text = text(value, path, reading)?.trim();
    reading.habits.saw_if(text.eq_ignore_ascii_case("GEO"), Habit::GeoMisprint);
    // As it should be written; most are.
    if let Ok(code) = text.parse() {
        return Some(code);
    }
    let parse =
        |text: &str| text.to_ascii_uppercase().parse().or_else(|_| text.to_ascii_lowercase().parse()).ok();
    let bare = text.rsplit_once("_CODE_").map(|(_, bare)| bare);
    reading.habits.saw_if(bare.is_some(), Habit::PrefixedCodes);
    reading.habits.saw_if(bare.is_some_and(|it| it.eq_ignore_ascii_case("GEO")), Habit::GeoMisprint);
    let code = parse(bare.unwrap_or(text));
    if code.is_none() {
        reading.findings.error(path, Rule::CodeList, "The value is not in the code list.");
    }
    code
}

/// True for names that differ in case and underscores only.
#[inline]
pub(crate) fn same_name(given: &str, spelling: &str) -> bool {
    // The first letter decides nearly always, and quickly: this is asked some hundred times for a document.
    match (given.as_bytes().first(), spelling.as_bytes().first()) {
        (Some(first), Some(wanted)) if *first == b'_' || first.eq_ignore_ascii_case(wanted) => {
            same_letters(given, spelling)
        }
        _ => false,
    }
}

fn same_letters(given: &str, spelling: &str) -> bool {
    if given.len() == spelling.len() {
        return given.eq_ignore_ascii_case(spelling);
    }
    // Longer by underscores only; a long text is no name.
    let letters = given.bytes().filter(|byte| *byte != b'_');
    (spelling.len()..=2 * spelling.len()).contains(&given.len())
        && letters
            .map(|byte| byte.to_ascii_lowercase())
            .eq(spelling.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// `null`, blank text and empty lists count as absent.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Exactly `YYYY-MM-DD`.
fn calendar_day(text: &str) -> Option<NaiveDate> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let number = |digits: &[u8]| {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
        digits.iter().try_fold(0, |number, byte| Some(number * 10 + digit(*byte)?))
    };
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    let year = i32::try_from(number(year)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys;

    fn with<T>(value: &Value, read: impl FnOnce(&mut Fields<'_, '_>, &mut Reading) -> T) -> (T, Vec<String>) {
        let mut reading = Reading::default();
        let path = Path::Base("a");
        let mut fields = Fields::open(value, &path, &mut reading);
        let result = read(&mut fields, &mut reading);
        let found =
            reading.findings.into_sorted().into_iter().map(|f| format!("{} {}", f.path, f.rule)).collect();
        (result, found)
    }

    #[test]
    fn the_first_spelling_with_a_value_wins() {
        let value = json!({"postcode": "", "postCode": "AB1"});
        let (text, found) = with(&value, |fields, reading| fields.text(&keys::POSTCODE, reading));
        assert_eq!(text.as_deref().map(String::as_str), Some("AB1"));
        assert!(found.is_empty());
    }

    #[test]
    fn one_value_is_a_list_of_one_and_blanks_are_left_out() {
        let value = json!({"accountNumber": "0xab", "addressLine": ["one", " ", null, "two"]});
        let (lists, found) = with(&value, |fields, reading| {
            (fields.texts(&keys::ACCOUNT_NUMBER, reading), fields.texts(&keys::ADDRESS_LINE, reading))
        });
        assert_eq!(lists, (vec!["0xab".into()], vec!["one".into(), "two".into()]));
        assert!(found.is_empty());
    }

    #[test]
    fn wrong_types_are_named_by_their_path() {
        let value =
            json!({"accountNumber": ["0xab", 5], "floor": {}, "dateOfBirth": true, "addressType": "FARM"});
        let ((), found) = with(&value, |fields, reading| {
            fields.texts(&keys::ACCOUNT_NUMBER, reading);
            fields.code::<crate::model::AddressType>(&keys::ADDRESS_TYPE, reading);
            fields.text(&keys::FLOOR, reading);
            fields.date(&keys::DATE_OF_BIRTH, reading);
        });
        assert_eq!(
            found,
            ["a.accountNumber[1] SHAPE", "a.addressType CODE-LIST", "a.floor SHAPE", "a.dateOfBirth SHAPE"]
        );
    }

    #[test]
    fn names_are_told_by_their_letters() {
        for same in ["postcode", "postCode", "POSTCODE", "post_code", "Post_Code", "_postcode_"] {
            assert!(same_name(same, "postcode"), "{same}");
        }
        for other in ["postcod", "postcodes", "post-code", "post code", "", "________________", "pöstcode"] {
            assert!(!same_name(other, "postcode"), "{other}");
        }
    }

    #[test]
    fn a_field_that_stands_twice_is_named() {
        for (second, severity) in [("AB1", "WARNING"), ("AB2", "ERROR")] {
            let mut reading = Reading::default();
            let (value, path) = (json!({"postcode": "AB1", "PostCode": second}), Path::Base("a"));
            let mut fields = Fields::open(&value, &path, &mut reading);
            assert_eq!(fields.text(&keys::POSTCODE, &mut reading), Some("AB1".into()));
            assert!(fields.rest(&mut reading).is_empty());
            let found = reading.findings.into_sorted().remove(0);
            assert_eq!((found.path.as_str(), found.rule), ("a.postcode", Rule::Duplicate));
            assert_eq!(found.severity.as_str(), severity);
        }
    }

    #[test]
    fn numbers_may_be_text() {
        for (value, number) in [(json!(7), Some(7)), (json!("7"), Some(7)), (json!("007"), Some(7))] {
            let (read, found) =
                with(&json!({"sequence": value}), |fields, reading| fields.number(&keys::SEQUENCE, reading));
            assert_eq!((read, found.len()), (number, 0));
        }
        for bad in [json!(-1), json!(1.5), json!("+1"), json!(u64::MAX), json!("1".repeat(19)), json!(true)] {
            let (read, found) =
                with(&json!({"sequence": bad}), |fields, reading| fields.number(&keys::SEQUENCE, reading));
            assert_eq!((read, found), (None, vec!["a.sequence SHAPE".to_owned()]), "{bad}");
        }
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
