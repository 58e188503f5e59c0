//! The VASPs between the two sides, and what a document says about itself.

use serde_json::Value;

use super::fields::Fields;
use super::habits::Habit;
use super::party::{person, vasp};
use super::reading::Reading;
use crate::keys;
use crate::model::{IntermediaryVasp, PayloadMetadata, PayloadVersion, TransferPath};
use crate::path::Path;

/// The list, in a field of its own name, as the standard has it, or bare.
pub(super) fn transfer_path(value: &Value, path: &Path<'_>, reading: &mut Reading) -> TransferPath {
    if let Value::Array(entries) = value
        && !matches!(entries.as_slice(), [only] if Fields::has(only, &keys::TRANSFER_PATH))
    {
        let each = |(at, entry)| intermediary(entry, &path.item(at), reading);
        return TransferPath { vasps: entries.iter().enumerate().map(each).collect(), ..Default::default() };
    }
    let value = match value {
        Value::Array(entries) => entries.first().unwrap_or(value),
        value => value,
    };
    let mut fields = Fields::open(value, path, reading);
    let vasps = fields.list(&keys::TRANSFER_PATH, reading, intermediary);
    TransferPath { vasps, other: fields.rest(reading) }
}

/// `{intermediaryVASP, sequence}`; the VASP may be wrapped once more, like the others.
fn intermediary(value: &Value, path: &Path<'_>, reading: &mut Reading) -> IntermediaryVasp {
    let mut fields = Fields::open(value, path, reading);
    let key = &keys::INTERMEDIARY_VASP;
    let person = fields.object(key, reading, |value, path, reading| {
        if Fields::has(value, key) {
            let vasp = vasp(value, key, path, reading, person);
            reading.unplaced(&vasp.other, path);
            vasp.person
        } else {
            Some(person(value, path, reading))
        }
    });
    let sequence = fields.number(&keys::SEQUENCE, reading);
    IntermediaryVasp { person: person.flatten(), sequence, other: fields.rest(reading) }
}

pub(super) fn metadata(value: &Value, path: &Path<'_>, reading: &mut Reading) -> PayloadMetadata {
    let mut fields = Fields::open(value, path, reading);
    let transliteration_methods = fields.codes(&keys::TRANSLITERATION_METHOD, reading);
    let payload_version = fields.code(&keys::PAYLOAD_VERSION, reading);
    reading.habits.saw_if(payload_version == Some(PayloadVersion::V2020), Habit::SaysIvms2020);
    reading.habits.saw_if(payload_version == Some(PayloadVersion::V2023), Habit::SaysIvms2023);
    PayloadMetadata { transliteration_methods, payload_version, other: fields.rest(reading) }
}
