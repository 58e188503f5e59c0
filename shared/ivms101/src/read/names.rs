//! Names.

use serde_json::Value;

use super::fields::Fields;
use crate::finding::Findings;
use crate::keys;
use crate::model::Names;
use crate::path::Path;

/// Reads the names of a person; `one` reads one of them.
pub(super) fn names<Name>(
    value: &Value,
    path: &Path<'_>,
    findings: &mut Findings,
    one: impl Fn(&Value, &Path<'_>, &mut Findings) -> Name,
) -> Names<Name> {
    let mut fields = Fields::open(value, path, findings);
    Names {
        identifiers: fields.list(&keys::NAME_IDENTIFIER, findings, &one),
        local: fields.list(&keys::LOCAL_NAME_IDENTIFIER, findings, &one),
        phonetic: fields.list(&keys::PHONETIC_NAME_IDENTIFIER, findings, &one),
        other: fields.rest(findings),
    }
}
