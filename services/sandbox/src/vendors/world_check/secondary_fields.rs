//! What is known of a person beside the name.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

/// A kind of field.
pub(super) struct Field {
    pub(super) type_id: &'static str,
    pub(super) label: &'static str,
    pub(super) value_type: &'static str,
    pub(super) entity_types: &'static [&'static str],
}

const INDIVIDUAL: &[&str] = &["INDIVIDUAL"];

const fn field(
    type_id: &'static str,
    label: &'static str,
    value_type: &'static str,
    entity_types: &'static [&'static str],
) -> Field {
    Field { type_id, label, value_type, entity_types }
}

/// All kinds.
pub(super) static FIELDS: [Field; 7] = [
    field("SFCT_1", "GENDER", "GENDER", INDIVIDUAL),
    field("SFCT_2", "DATE OF BIRTH", "DATE", INDIVIDUAL),
    field("SFCT_3", "COUNTRY LOCATION", "COUNTRY", INDIVIDUAL),
    field("SFCT_4", "PLACE OF BIRTH", "COUNTRY", INDIVIDUAL),
    field("SFCT_5", "CITIZENSHIP", "COUNTRY", INDIVIDUAL),
    field("SFCT_6", "REGISTERED COUNTRY", "COUNTRY", &["ORGANISATION"]),
    field("SFCT_7", "IMO NUMBER", "TEXT", &["VESSEL"]),
];

/// A field of a request. Names are taken literally: `Value` is not `value`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SecondaryField {
    pub(super) type_id: String,
    value: Option<String>,
    date_time_value: Option<String>,
}

impl SecondaryField {
    /// The field as a case echoes it, or what is wrong with it.
    pub(super) fn checked(&self, entity_type: &str) -> Result<Value, &'static str> {
        let field = FIELDS.iter().find(|field| field.type_id == self.type_id);
        let field = field.ok_or("The type of a secondary field is unknown.")?;
        if !field.entity_types.contains(&entity_type) {
            return Err("A secondary field does not belong to the entity type.");
        }
        let is_good = match (field.value_type, self.value.as_deref(), self.date_time_value.as_deref()) {
            ("DATE", None, Some(date)) => is_date(date),
            ("GENDER", Some(value), None) => ["MALE", "FEMALE", "UNSPECIFIED"].contains(&value),
            ("COUNTRY", Some(value), None) => is_alpha_3(value),
            ("TEXT", Some(value), None) => !value.is_empty(),
            _ => return Err("A secondary field has its value under the wrong name, or none."),
        };
        if !is_good {
            return Err("The value of a secondary field is invalid.");
        }
        Ok(json!({"typeId": self.type_id, "value": self.value, "dateTimeValue": self.date_time_value}))
    }
}

/// A day, or a year alone.
fn is_date(text: &str) -> bool {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    is_year || is_day
}

/// The form of a country's code with three letters; which of them exist is not checked.
fn is_alpha_3(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_the_vendor_hold() {
        let checked = |entity_type: &str, field: Value| {
            let field: Result<SecondaryField, _> = serde_json::from_value(field);
            field.map_err(drop).and_then(|field| field.checked(entity_type).map_err(drop))
        };
        let person = |field| checked("INDIVIDUAL", field).is_ok();
        assert!(person(json!({"typeId": "SFCT_1", "value": "FEMALE"})));
        assert!(!person(json!({"typeId": "SFCT_1", "value": "UNKNOWN"})));
        assert!(person(json!({"typeId": "SFCT_2", "dateTimeValue": "1990-05-17"})));
        assert!(person(json!({"typeId": "SFCT_2", "dateTimeValue": "1990"})));
        assert!(!person(json!({"typeId": "SFCT_2", "dateTimeValue": "12-01"})));
        assert!(!person(json!({"typeId": "SFCT_2", "dateTimeValue": "1990-02-30"})));
        assert!(!person(json!({"typeId": "SFCT_2", "value": "1990-05-17"})));
        assert!(person(json!({"typeId": "SFCT_5", "value": "KOR"})));
        assert!(!person(json!({"typeId": "SFCT_5", "value": "KR"})));
        assert!(!person(json!({"typeId": "SFCT_5", "Value": "KOR"})));
        assert!(!person(json!({"typeId": "SFCT_6", "value": "KOR"})));
        assert!(!person(json!({"typeId": "SFCT_99", "value": "KOR"})));
        assert!(checked("ORGANISATION", json!({"typeId": "SFCT_6", "value": "KOR"})).is_ok());
        let echoed = checked("INDIVIDUAL", json!({"typeId": "SFCT_2", "dateTimeValue": "1990"}));
        assert_eq!(echoed, Ok(json!({"typeId": "SFCT_2", "value": null, "dateTimeValue": "1990"})));
    }
}
