//! Any IVMS101 document, whoever wrote it.

use serde_json::Value;
use waybill_domain::Role;

use super::fields::{Fields, same_name};
use super::habits::{Dialect, Habit};
use super::party::{party, person, vasp};
use super::reading::Reading;
use super::transfer_path::{metadata, transfer_path};
use crate::finding::{Finding, Rule};
use crate::keys::{self, Key};
use crate::model::Payload;
use crate::path::{Path, field_name};

/// A document as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it says. Nothing has been validated.
    pub payload: Payload,
    /// Which dialect it looks like.
    pub dialect: Dialect,
    /// How it is written.
    pub habits: Vec<Habit>,
    /// What could not be read or placed (errors: the value is not in [`Document::payload`]) and what was remarked
    /// besides, in document order. Paths may hold names of unknown fields, so they are for the document's owner and
    /// not for a log.
    pub findings: Vec<Finding>,
}

impl Document {
    /// True when nothing of IVMS101 was found in it.
    pub fn is_empty(&self) -> bool {
        Payload { other: Default::default(), ..self.payload.clone() } == Payload::default()
    }
}

/// The parts of a document. One of them tells that an object is one.
const PARTS: [&Key; 6] = [
    &keys::ORIGINATOR,
    &keys::BENEFICIARY,
    &keys::ORIGINATING_VASP,
    &keys::BENEFICIARY_VASP,
    &keys::TRANSFER_PATH,
    &keys::PAYLOAD_METADATA,
];

/// Fields in which protocols put a document: TRP, TRISA, the private API.
const WRAPPERS: [&str; 3] = ["ivms101", "identity", "payload"];

/// How many wrappings are taken off.
const WRAPPINGS: usize = 4;

/// Reads a document in any dialect and shape, also one that is wrapped in a message of a protocol.
///
/// Never fails: what cannot be read or placed is a finding with its path.
pub fn read(value: &Value) -> Document {
    let mut reading = Reading::default();
    let (payload, _) = read_document(value, &mut reading);
    finish(payload, reading, value)
}

pub(super) fn finish(payload: Payload, reading: Reading, document: &Value) -> Document {
    let (dialect, habits) = (reading.habits.dialect(), reading.habits.all());
    Document { payload, dialect, habits, findings: reading.findings.into_located(document, "") }
}

/// What a document says, and the path of the part that says it.
pub(super) fn read_document(value: &Value, reading: &mut Reading) -> (Payload, String) {
    unwrap(value, &Path::Base(""), WRAPPINGS, reading)
}

/// Steps into the wrapper, if the value is one, and reads the document. Fields beside a wrapper belong to the
/// protocol; they are named, so that nobody takes them for converted.
fn unwrap(value: &Value, path: &Path<'_>, wrappings: usize, reading: &mut Reading) -> (Payload, String) {
    let Some((name, inner)) = (if wrappings > 0 { wrapped(value) } else { None }) else {
        return (payload(value, path, reading), path.to_string());
    };
    reading.habits.saw(Habit::Wrapped);
    let siblings =
        value.as_object().into_iter().flat_map(|map| map.keys()).filter(|sibling| *sibling != name);
    for sibling in siblings {
        let text = "The field stands beside the IVMS101 document and is no part of it; it is left out.";
        reading.findings.warning(&path.key(field_name(sibling)), Rule::OutsideDocument, text);
    }
    unwrap(inner, &path.key(field_name(name)), wrappings - 1, reading)
}

fn wrapped(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object()?;
    let is_part = |name: &str| PARTS.iter().any(|key| key.spellings().any(|part| same_name(name, part)));
    if map.keys().any(|name| is_part(name)) {
        return None;
    }
    let is_wrapper = |name: &str| WRAPPERS.iter().any(|wrapper| same_name(name, wrapper));
    let mut found = map.iter().filter(|(name, inner)| is_wrapper(name) && inner.is_object());
    found.next().map(|(name, inner)| (name.as_str(), inner))
}

fn payload(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Payload {
    let mut fields = Fields::open(value, path, reading);
    let mut side = |key, role, reading: &mut Reading| {
        fields.object(key, reading, |value, path, reading| party(value, role, path, reading))
    };
    let originator = side(&keys::ORIGINATOR, Role::Originator, reading).unwrap_or_default();
    let beneficiary = side(&keys::BENEFICIARY, Role::Beneficiary, reading).unwrap_or_default();
    let mut its_vasp = |key, reading: &mut Reading| {
        fields.object(key, reading, |value, path, reading| vasp(value, key, path, reading, person))
    };
    Payload {
        originator,
        beneficiary,
        originating_vasp: its_vasp(&keys::ORIGINATING_VASP, reading),
        beneficiary_vasp: its_vasp(&keys::BENEFICIARY_VASP, reading),
        transfer_path: fields.any(&keys::TRANSFER_PATH, reading, transfer_path),
        metadata: fields.object(&keys::PAYLOAD_METADATA, reading, metadata),
        other: fields.rest(reading),
    }
}
