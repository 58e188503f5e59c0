//! `GET /groups`, `GET /groups/{id}`, `GET /groups/{id}/caseTemplate`

use serde_json::{Value, json};

use super::error::error_about;
use super::secondary_fields::{FIELDS, Field};
use crate::vendors::answer::Answer;
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;

/// The one group, in an array.
pub(super) fn all(playing: &Playing) -> Answer {
    Answer::json(200, &json!([group(playing)]))
}

/// The group, or 404.
pub(super) fn one(playing: &Playing, id: &str) -> Result<Answer, Answer> {
    known(playing, id)?;
    Ok(Answer::json(200, &group(playing)))
}

/// The fields that a case of the group may and must have, by type of entity.
pub(super) fn template(playing: &Playing, settings: &Settings, id: &str) -> Result<Answer, Answer> {
    known(playing, id)?;
    let fields = |entity_type: &str| -> Vec<Value> {
        let own = FIELDS.iter().filter(|field| field.entity_types.contains(&entity_type));
        own.map(|field| described(field, settings.mandatory_fields.iter().any(|id| id == field.type_id)))
            .collect()
    };
    let body = json!({
        "groupId": id,
        "groupScreeningType": "CASE_MANAGEMENT_AUDIT",
        "customFields": [],
        "secondaryFieldsByProvider": {"watchlist": {"secondaryFieldsByEntity": {
            "individual": fields("INDIVIDUAL"),
            "organisation": fields("ORGANISATION"),
            "vessel": fields("VESSEL"),
            "unspecified": fields("UNSPECIFIED"),
        }}},
        "mandatoryProviderTypes": ["WATCHLIST"],
        "nameTransposition": {"selected": false, "type": "ON", "available": true},
    });
    Ok(Answer::json(200, &body))
}

/// 404 for a group that is not the one.
fn known(playing: &Playing, id: &str) -> Result<(), Answer> {
    if id == playing.keys.group_id {
        return Ok(());
    }
    Err(error_about(404, "GROUP_NOT_FOUND", "The group does not exist.", id))
}

fn group(playing: &Playing) -> Value {
    json!({
        "id": playing.keys.group_id,
        "parentId": null,
        "name": "Sandbox",
        "hasChildren": false,
        "children": [],
        "status": "ACTIVE",
    })
}

fn described(field: &Field, required: bool) -> Value {
    json!({
        "typeId": field.type_id,
        "fieldValueType": field.value_type,
        "regExp": null,
        "fieldRequired": required,
        "label": field.label,
    })
}
