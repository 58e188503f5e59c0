//! Cases: what is sent to create one, what is read of one.

use serde::Serialize;
use serde_json::Value;
use waybill_domain::Timestamp;
use waybill_store::tables::wco_cases::EntityType;
use waybill_vendors::parse_vendor_time;

use crate::subject::Field;

const WATCHLIST: &str = "WATCHLIST";
/// The width of the column.
const LONGEST_ID: usize = 128;

/// The body of `POST /cases`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewCase<'a> {
    case_id: &'a str,
    group_id: &'a str,
    entity_type: EntityType,
    provider_types: [&'static str; 1],
    name: &'a str,
    secondary_fields: &'a [Field],
    custom_fields: [(); 0],
}

impl<'a> NewCase<'a> {
    pub fn new(
        case_id: &'a str,
        group_id: &'a str,
        entity_type: EntityType,
        name: &'a str,
        secondary_fields: &'a [Field],
    ) -> Self {
        Self {
            case_id,
            group_id,
            entity_type,
            provider_types: [WATCHLIST],
            name,
            secondary_fields,
            custom_fields: [],
        }
    }
}

/// The vendor's id of a case, when it can be used in a path and fits its column.
pub(crate) fn case_system_id(answer: &Value) -> Option<&str> {
    let id = answer.get("caseSystemId")?.as_str()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    ((1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(plain)).then_some(id)
}

/// When the watchlist was gone through last, as the case itself says.
pub(crate) fn last_screened(case: &Value) -> Option<Timestamp> {
    let times = case.get("lastScreenedDatesByProviderType")?;
    parse_vendor_time(times.get(WATCHLIST)?.as_str()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::subject::FieldType;

    #[test]
    fn a_new_case_names_itself_and_the_watchlist() {
        let fields = [Field::text(FieldType::Nationality, "KOR")];
        let case = NewCase::new("u-OUTGOING-1", "g1", EntityType::Individual, "김재원", &fields);
        let expected = json!({
            "caseId": "u-OUTGOING-1", "groupId": "g1", "entityType": "INDIVIDUAL", "providerTypes": ["WATCHLIST"],
            "name": "김재원", "secondaryFields": [{"typeId": "SFCT_5", "value": "KOR"}], "customFields": [],
        });
        assert_eq!(serde_json::to_value(&case).unwrap(), expected);
    }

    #[test]
    fn an_id_that_leads_elsewhere_is_none() {
        for (id, usable) in [
            (json!("5jb7r2c9xjfk1hoc95gfayv6m"), true),
            (json!("0a3687d0-65b4-1cc3-9975-f20b0000066f"), true),
            (json!("a/../b"), false),
            (json!("a?b"), false),
            (json!(""), false),
            (json!("a".repeat(129)), false),
            (json!(7), false),
        ] {
            assert_eq!(case_system_id(&json!({"caseSystemId": id})).is_some(), usable, "{id}");
        }
        assert_eq!(case_system_id(&json!([])), None);
    }

    #[test]
    fn f16_times_are_read_with_any_zone() {
        let at = |text: &str| last_screened(&json!({"lastScreenedDatesByProviderType": {"WATCHLIST": text}}));
        let expected = "2023-05-18T12:39:45.123Z".parse().ok();
        for text in [
            "2023-05-18T12:39:45.123Z",
            "2023-05-18T21:39:45.123+09:00",
            "2023-05-18T12:39:45.123456",
            "2023-05-18T12:39:45.123+00:00",
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
        assert_eq!(at("yesterday"), None);
    }
}
