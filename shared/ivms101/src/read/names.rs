//! Names.

use serde_json::Value;

use super::fields::Fields;
use super::reading::Reading;
use crate::keys;
use crate::model::Names;
use crate::path::Path;

/// Reads the names of a person; `one` reads one of them.
///
/// IVMS101 (2020) is of two minds whether a person has one block of names or several; several are read as one.
pub(super) fn names<Name>(
    value: &Value,
    path: &Path<'_>,
    reading: &mut Reading,
    one: fn(&Value, &Path<'_>, &mut Reading) -> Name,
) -> Names<Name> {
    let Some((first, others)) = value.as_array().and_then(|blocks| blocks.split_first()) else {
        return block(value, path, reading, one);
    };
    let mut names = block(first, &path.item(0), reading, one);
    for (at, other) in others.iter().enumerate() {
        let path = path.item(at + 1);
        let more = block(other, &path, reading, one);
        names.identifiers.extend(more.identifiers);
        names.local.extend(more.local);
        names.phonetic.extend(more.phonetic);
        reading.unplaced(&more.other, &path);
    }
    names
}

fn block<Name>(
    value: &Value,
    path: &Path<'_>,
    reading: &mut Reading,
    one: fn(&Value, &Path<'_>, &mut Reading) -> Name,
) -> Names<Name> {
    let mut fields = Fields::open(value, path, reading);
    Names {
        identifiers: fields.list(&keys::NAME_IDENTIFIER, reading, one),
        local: fields.list(&keys::LOCAL_NAME_IDENTIFIER, reading, one),
        phonetic: fields.list(&keys::PHONETIC_NAME_IDENTIFIER, reading, one),
        other: fields.rest(reading),
    }
}
