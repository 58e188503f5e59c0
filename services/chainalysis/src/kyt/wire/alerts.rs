//! The alerts of a transfer or an attempt.
//!
//! Nothing here may be lost without a word: an alert that cannot be stored as it is makes the whole result an error.

use serde::Deserialize;
use waybill_domain::{AlertLevel, ExposureType};
use waybill_vendors::{Decimal, Object, cut};

use crate::reason::Reason;

/// `GET …/{externalId}/alerts`. The list must be there: an absent one does not mean that there is none.
#[derive(Debug, Deserialize)]
pub(crate) struct AlertsAnswer {
    alerts: Vec<Object<WireAlert>>,
}

/// One alert as sent. What the vendor left out is found when it is read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAlert {
    #[serde(default)]
    alert_level: Option<String>,
    #[serde(default)]
    service: Option<String>,
    #[serde(default)]
    external_id: Option<String>,
    #[serde(default)]
    alert_amount: Option<Decimal>,
    #[serde(default)]
    exposure_type: Option<String>,
    #[serde(default)]
    category_id: Option<i64>,
    /// Older answers have the name itself.
    #[serde(default)]
    category: Option<String>,
}

/// One alert that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alert {
    pub alert_id: String,
    pub level: AlertLevel,
    pub exposure: ExposureType,
    /// US dollars, decimal text.
    pub amount: String,
    pub service: Option<String>,
    pub category: Option<String>,
    pub category_id: Option<i64>,
}

/// Widths of columns, in characters.
const ID: usize = 128;
const AMOUNT: usize = 128;
const TEXT: usize = 256;

/// The alerts of an answer, each id once.
///
/// # Errors
/// Why the first of them cannot be stored.
pub(crate) fn read(answer: AlertsAnswer) -> Result<Vec<Alert>, Reason> {
    let mut read: Vec<Alert> = Vec::with_capacity(answer.alerts.len());
    for alert in answer.alerts {
        let alert = alert.0.read()?;
        match read.iter_mut().find(|known| known.alert_id == alert.alert_id) {
            // Said twice: where the two differ, the graver one counts.
            Some(known) if alert.level > known.level => *known = alert,
            Some(_) => {}
            None => read.push(alert),
        }
    }
    Ok(read)
}

impl WireAlert {
    fn read(self) -> Result<Alert, Reason> {
        let alert_id = self.external_id.filter(|id| is_id(id)).ok_or(Reason::IncompleteAlert)?;
        let level = self.alert_level.ok_or(Reason::IncompleteAlert)?;
        let exposure = self.exposure_type.ok_or(Reason::IncompleteAlert)?;
        let amount = self.alert_amount.ok_or(Reason::IncompleteAlert)?.to_string();
        if amount.len() > AMOUNT {
            return Err(Reason::IncompleteAlert);
        }
        Ok(Alert {
            alert_id,
            level: level.to_ascii_uppercase().parse().map_err(|_| Reason::UnknownAlertLevel)?,
            exposure: exposure.to_ascii_uppercase().parse().map_err(|_| Reason::UnknownExposureType)?,
            amount,
            service: text(self.service),
            category: text(self.category),
            category_id: self.category_id,
        })
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= ID && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Cut to its column; an empty one says nothing.
fn text(text: Option<String>) -> Option<String> {
    text.map(|text| cut(&text, TEXT).to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn recorded() -> Value {
        json!({
            "alertLevel": "SEVERE", "service": "SANCTIONED ENTITY: Example 1QJU",
            "externalId": "d95e9c02-cfdb-11ef-909d-7f91d13dea84", "alertAmount": 9544.15,
            "exposureType": "DIRECT", "categoryId": 3
        })
    }

    fn read_all(alerts: Value) -> Result<Vec<Alert>, Reason> {
        let text = json!({"alerts": alerts}).to_string();
        read(serde_json::from_str(&text).unwrap())
    }

    fn with(field: &str, value: Value) -> Value {
        let mut alert = recorded();
        alert[field] = value;
        alert
    }

    #[test]
    fn the_recorded_alert_is_read() {
        let read = read_all(json!([recorded()])).unwrap().remove(0);
        assert_eq!((read.level, read.exposure), (AlertLevel::Severe, ExposureType::Direct));
        assert_eq!((&*read.amount, read.category_id, read.category), ("9544.15", Some(3), None));
    }

    /// F10, F11: a list that is not there is not an empty list.
    #[test]
    fn a_missing_list_is_no_answer() {
        for text in ["{}", r#"{"alerts":null}"#, r#"{"alerts":{}}"#, "[]", "null", "", r#"{"alerts":[null]}"#]
        {
            assert!(serde_json::from_str::<AlertsAnswer>(text).is_err(), "{text}");
        }
        assert_eq!(read_all(json!([])).unwrap(), []);
    }

    /// F12: an unknown severity must not be lost.
    #[test]
    fn unknown_values_make_the_result_an_error() {
        assert_eq!(
            read_all(json!([recorded(), with("alertLevel", json!("CRITICAL"))])),
            Err(Reason::UnknownAlertLevel)
        );
        assert_eq!(
            read_all(json!([with("exposureType", json!("CLUSTER"))])),
            Err(Reason::UnknownExposureType)
        );
    }

    /// F13: what may be absent, and what is new.
    #[test]
    fn optional_fields_and_new_ones_are_tolerated() {
        let mut alert = with("categoryId", Value::Null);
        alert["service"] = Value::Null;
        alert["memo"] = json!({"new": [1]});
        let read = read_all(json!([alert])).unwrap().remove(0);
        assert_eq!((read.category_id, read.service), (None, None));
        let old = read_all(json!([with("category", json!("high risk exchange"))])).unwrap().remove(0);
        assert_eq!(old.category.as_deref(), Some("high risk exchange"));
    }

    /// F18: the same object twice counts once.
    #[test]
    fn each_id_counts_once_and_the_graver_one_wins() {
        let low = with("alertLevel", json!("LOW"));
        let read = read_all(json!([low, recorded(), recorded()])).unwrap();
        assert_eq!((read.len(), read[0].level), (1, AlertLevel::Severe));
    }

    /// F19: no half of a result.
    #[test]
    fn an_alert_without_a_needed_value_is_an_error() {
        for field in ["alertLevel", "externalId", "alertAmount", "exposureType"] {
            let mut alert = recorded();
            alert.as_object_mut().unwrap().remove(field);
            assert_eq!(read_all(json!([recorded(), alert])), Err(Reason::IncompleteAlert), "{field}");
            assert_eq!(read_all(json!([with(field, Value::Null)])), Err(Reason::IncompleteAlert), "{field}");
        }
        assert_eq!(
            read_all(json!([with("externalId", json!("x".repeat(129)))])),
            Err(Reason::IncompleteAlert)
        );
    }

    /// F20: decimal text, no exponent, no loss.
    #[test]
    fn amounts_keep_their_digits() {
        for (sent, kept) in [
            ("1e21", "1000000000000000000000"),
            ("0.00000001", "0.00000001"),
            ("1820.170", "1820.170"),
            ("1820", "1820"),
        ] {
            let text =
                json!({"alerts": [with("alertAmount", json!("@"))]}).to_string().replace("\"@\"", sent);
            let read = read(serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(read[0].amount, kept);
        }
    }

    /// F27: cut on the border of a character.
    #[test]
    fn long_names_are_cut_on_a_character() {
        let read = read_all(json!([with("service", json!("é".repeat(300)))])).unwrap();
        assert_eq!(read[0].service.as_ref().unwrap().chars().count(), 256);
    }
}
