//! The vendor's answer about an address. What is missing or malformed is never read as "nothing found".

use serde::Deserialize;
use waybill_vendors::{Object, cut};

/// Widths of columns, in characters.
const NAME: usize = 1024;
const DESCRIPTION: usize = 4096;
const URL: usize = 1024;

/// `GET /api/v1/address/{address}`. The list must be there.
#[derive(Debug, Deserialize)]
pub(super) struct AddressAnswer {
    identifications: Vec<Object<WireIdentification>>,
}

#[derive(Debug, Deserialize)]
struct WireIdentification {
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// What is known about an address that is on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identification {
    pub name: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    /// It is of another category than sanctions: counted as a hit all the same.
    pub is_unexpected: bool,
}

impl AddressAnswer {
    /// The first identification as a sanction, else the first at all; none when the list is empty.
    pub(super) fn hit(self) -> Option<Identification> {
        let sanctions = self.identifications.iter().position(|entry| entry.0.is_sanction());
        let Object(first) = self.identifications.into_iter().nth(sanctions.unwrap_or(0))?;
        Some(Identification {
            name: text(first.name, NAME),
            description: text(first.description, DESCRIPTION),
            url: text(first.url, URL),
            is_unexpected: sanctions.is_none(),
        })
    }
}

impl WireIdentification {
    fn is_sanction(&self) -> bool {
        self.category.as_deref().is_some_and(|category| category.eq_ignore_ascii_case("sanctions"))
    }
}

fn text(text: Option<String>, width: usize) -> Option<String> {
    text.map(|text| cut(&text, width).to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Identification>, serde_json::Error> {
        serde_json::from_str::<AddressAnswer>(text).map(AddressAnswer::hit)
    }

    #[test]
    fn an_empty_list_is_no_hit() {
        assert_eq!(read(r#"{"identifications":[],"new":1}"#).unwrap(), None);
    }

    /// F10, F11: only a list that is there, and empty, means that nothing was found.
    #[test]
    fn what_is_no_list_is_no_answer() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            "<html>",
            r#"{"identifications":null}"#,
            r#"{"identifications":{}}"#,
            r#"{"identifications":""}"#,
            r#"{"identifications":[null]}"#,
            r#"{"identifications":["x"]}"#,
            r#"{"identifications":[[]]}"#,
            r#"{"identifications":[]"#,
            "\u{feff}{\"identifications\":[]}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_hit_has_the_first_sanctions_words() {
        let text = r#"{"identifications":[{"category":"other","name":"first"},
            {"category":"Sanctions","name":"SANCTIONS: Example","description":"a\n\nb","url":"https://home.treasury.gov/x"}]}"#;
        let hit = read(text).unwrap().unwrap();
        assert_eq!((hit.name.as_deref(), hit.is_unexpected), (Some("SANCTIONS: Example"), false));
        assert_eq!(hit.description.as_deref(), Some("a\n\nb"));
    }

    /// F12, F13: another category counts too, and nothing but the entry itself is needed.
    #[test]
    fn an_entry_without_words_is_a_hit() {
        let hit = read(r#"{"identifications":[{"category":null,"name":null}]}"#).unwrap().unwrap();
        assert_eq!(hit, Identification { name: None, description: None, url: None, is_unexpected: true });
        assert!(read(r#"{"identifications":[{}]}"#).unwrap().is_some());
    }

    /// F27: cut on the border of a character.
    #[test]
    fn long_words_are_cut_on_a_character() {
        let long = "🦀".repeat(5000);
        let text =
            format!(r#"{{"identifications":[{{"name":"{long}","description":"{long}","url":"{long}"}}]}}"#);
        let hit = read(&text).unwrap().unwrap();
        let lengths = [hit.name, hit.description, hit.url].map(|text| text.unwrap().chars().count());
        assert_eq!(lengths, [NAME, DESCRIPTION, URL]);
    }
}
