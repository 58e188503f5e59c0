//! The body that makes a case.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{error, error_about, malformed};
use super::secondary_fields::SecondaryField;
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::magic::{Found, MagicName, find_name};
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;

/// Longest name and id.
const LONGEST_NAME: usize = 1_000;
const LONGEST_ID: usize = 128;

/// As sent. A field of another name is refused.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sent {
    case_id: Option<String>,
    name: Option<String>,
    provider_types: Option<Vec<String>>,
    group_id: Option<String>,
    entity_type: Option<String>,
    #[serde(default)]
    custom_fields: Vec<Value>,
    #[serde(default)]
    secondary_fields: Vec<SecondaryField>,
    #[serde(rename = "nameTransposition")]
    _name_transposition: Option<bool>,
    #[serde(rename = "note")]
    _note: Option<String>,
    case_screening_state: Option<Value>,
}

/// A body that holds together.
pub(super) struct NewCase {
    pub(super) case_id: Option<String>,
    pub(super) name: String,
    pub(super) group_id: String,
    pub(super) entity_type: String,
    pub(super) provider_types: Vec<String>,
    pub(super) custom_fields: Value,
    pub(super) secondary_fields: Vec<Value>,
    pub(super) screening_state: Value,
    pub(super) magic: Option<&'static MagicName>,
}

/// Reads and checks it.
pub(super) fn read(playing: &Playing, settings: &Settings, asked: &Asked) -> Result<NewCase, Answer> {
    let sent: Sent = serde_json::from_slice(&asked.body).map_err(|_| malformed())?;
    let name = mandatory("name", sent.name, LONGEST_NAME)?;
    let group_id = mandatory("groupId", sent.group_id, LONGEST_ID)?;
    let entity_type = mandatory("entityType", sent.entity_type, LONGEST_ID)?;
    if group_id != playing.keys.group_id {
        return Err(error_about(400, "INVALID_GROUP", "The group does not exist.", &group_id));
    }
    if !["INDIVIDUAL", "ORGANISATION", "VESSEL", "UNSPECIFIED"].contains(&entity_type.as_str()) {
        return Err(error(400, "INVALID_ENTITY_TYPE", "The entity type is invalid."));
    }
    let provider_types = provider_types(sent.provider_types)?;
    let fields = sent.secondary_fields.iter().map(|field| field.checked(&entity_type));
    let secondary_fields: Vec<Value> =
        fields.collect::<Result<_, _>>().map_err(|why| error(400, "INVALID_SECONDARY_FIELD", why))?;
    let magic = find_name(&name);
    let has = |id: &str| sent.secondary_fields.iter().any(|field| field.type_id == id);
    let by_name = magic.filter(|magic| magic.found == Found::MandatoryBirth).map(|_| "SFCT_2");
    let wanted = settings.mandatory_fields.iter().map(String::as_str).chain(by_name);
    if entity_type == "INDIVIDUAL"
        && let Some(missing) = wanted.into_iter().find(|id| !has(id))
    {
        return Err(error_about(400, "MANDATORY_FIELD_MISSING", "A mandatory field is missing.", missing));
    }
    Ok(NewCase {
        case_id: sent.case_id.filter(|id| !id.is_empty()),
        name,
        group_id,
        entity_type,
        provider_types,
        custom_fields: json!(sent.custom_fields),
        secondary_fields,
        screening_state: sent.case_screening_state.unwrap_or_else(|| json!({"WATCHLIST": "INITIAL"})),
        magic,
    })
}

fn provider_types(sent: Option<Vec<String>>) -> Result<Vec<String>, Answer> {
    const KNOWN: [&str; 4] = ["WATCHLIST", "CLIENT_WATCHLIST", "MEDIA_CHECK", "PASSPORT_CHECK"];
    let sent = sent.unwrap_or_default();
    let has_watchlist = sent.iter().any(|name| name == "WATCHLIST");
    if has_watchlist && sent.iter().all(|name| KNOWN.contains(&name.as_str())) {
        return Ok(sent);
    }
    let cause = "Provider types are invalid and must include at least WATCHLIST.";
    Err(error(400, "INVALID_PROVIDER_TYPE", cause))
}

fn mandatory(name: &str, value: Option<String>, longest: usize) -> Result<String, Answer> {
    let is_good = |text: &String| !text.trim().is_empty() && text.chars().count() <= longest;
    value.filter(is_good).ok_or_else(|| {
        error_about(400, "INVALID_FIELD", "A mandatory field is missing, empty or too long.", name)
    })
}
