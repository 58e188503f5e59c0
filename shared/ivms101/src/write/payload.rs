//! Whole documents.

use serde_json::Value;
use waybill_domain::Role;

use super::object::Object;
use super::party::{party, vasp};
use super::person::vasp_person;
use super::style::Version;
use super::writer::Writer;
use crate::keys::{self, Key};
use crate::model::{IntermediaryVasp, Party, Payload, PayloadMetadata, TransferPath};
use crate::path::Path;

/// Everything; parties of which nothing is known are left out.
pub(super) fn payload(writer: &mut Writer, payload: &Payload, path: &Path<'_>) -> Value {
    let originator = side(writer, &payload.originator, &keys::ORIGINATOR, Role::Originator, path);
    let beneficiary = side(writer, &payload.beneficiary, &keys::BENEFICIARY, Role::Beneficiary, path);
    let mut its_vasp =
        |key: &'static Key, it| writer.maybe(key, it, path, |writer, it, path| vasp(writer, it, key, path));
    let object = Object::default()
        .value(&keys::ORIGINATOR, originator)
        .value(&keys::BENEFICIARY, beneficiary)
        .value(&keys::ORIGINATING_VASP, its_vasp(&keys::ORIGINATING_VASP, payload.originating_vasp.as_ref()))
        .value(&keys::BENEFICIARY_VASP, its_vasp(&keys::BENEFICIARY_VASP, payload.beneficiary_vasp.as_ref()))
        .value(
            &keys::TRANSFER_PATH,
            writer.maybe(&keys::TRANSFER_PATH, payload.transfer_path.as_ref(), path, transfer_path),
        )
        .value(&keys::PAYLOAD_METADATA, metadata(writer, payload.metadata.as_ref(), path));
    writer.finish(object, &payload.other, path)
}

fn side(writer: &mut Writer, it: &Party, key: &Key, role: Role, path: &Path<'_>) -> Option<Value> {
    let written = party(writer, it, role, &path.key(key.name));
    written.as_object().is_some_and(|fields| !fields.is_empty()).then_some(written)
}

fn transfer_path(writer: &mut Writer, way: &TransferPath, path: &Path<'_>) -> Value {
    let vasps = writer.each(&keys::TRANSFER_PATH, &way.vasps, path, intermediary);
    let object = Object::default().values(&keys::TRANSFER_PATH, vasps);
    writer.finish(object, &way.other, path)
}

fn intermediary(writer: &mut Writer, it: &IntermediaryVasp, path: &Path<'_>) -> Value {
    let key = &keys::INTERMEDIARY_VASP;
    let object = Object::default()
        .value(key, writer.maybe(key, it.person.as_ref(), path, vasp_person))
        .value(&keys::SEQUENCE, it.sequence.map(Value::from));
    writer.finish(object, &it.other, path)
}

/// The edition is the document's name for itself: each dialect writes its own, and nothing is lost by that.
fn metadata(writer: &mut Writer, metadata: Option<&PayloadMetadata>, path: &Path<'_>) -> Option<Value> {
    let (style, read) = (writer.style.version, metadata.and_then(|it| it.payload_version));
    let version = match style {
        Version::Kept => read,
        Version::Unsaid => None,
        Version::Said(version) => Some(version),
    };
    let unknown = PayloadMetadata::default();
    let it = metadata.unwrap_or(&unknown);
    let methods = it.transliteration_methods.iter().map(|method| Value::from(method.as_str())).collect();
    let object = Object::default()
        .values(&keys::TRANSLITERATION_METHOD, methods)
        .text(&keys::PAYLOAD_VERSION, version.map(|version| version.as_str()));
    let says_nothing = object.is_empty() && (metadata.is_none() || read.is_some());
    let written = writer.finish(object, &it.other, &path.key(keys::PAYLOAD_METADATA.name));
    let still_nothing = written.as_object().is_none_or(|fields| fields.is_empty());
    (!(says_nothing && still_nothing)).then_some(written)
}
