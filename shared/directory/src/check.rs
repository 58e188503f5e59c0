//! What must hold within a document, whoever signed it.

use std::collections::{HashMap, HashSet};

use waybill_crypto::VerifyingKey;
use waybill_domain::VaspId;

use crate::directory::KeyTable;
use crate::{DirectoryError, Document, IdentityKeyEntry, Member};

/// Checks a document, and gives its keys ready for use.
pub(crate) fn check(document: &Document) -> Result<KeyTable, DirectoryError> {
    if document.expires_at <= document.issued_at {
        return Err(DirectoryError::NeverValid);
    }
    let mut seen = HashSet::new();
    let mut owners: HashMap<&str, VaspId> = HashMap::new();
    let mut keys = KeyTable::new();
    for member in &document.members {
        if !seen.insert(member.vasp_id) {
            return Err(DirectoryError::DuplicateMember(member.vasp_id));
        }
        check_legal_person(member)?;
        for entry in &member.identity_keys {
            let key = check_key(member.vasp_id, entry)?;
            if let Some(first) = owners.insert(&entry.public_key, member.vasp_id) {
                let (key_id, second) = (entry.key_id.clone(), member.vasp_id);
                return Err(DirectoryError::SharedKey { key_id, first, second });
            }
            keys.insert((member.vasp_id, entry.key_id.clone()), (key, entry.not_before..entry.not_after));
        }
    }
    Ok(keys)
}

fn check_legal_person(member: &Member) -> Result<(), DirectoryError> {
    let legal_person = member.legal_person.get("legalPerson");
    if legal_person.is_some_and(serde_json::Value::is_object) {
        Ok(())
    } else {
        Err(DirectoryError::BadLegalPerson(member.vasp_id))
    }
}

fn check_key(member: VaspId, entry: &IdentityKeyEntry) -> Result<VerifyingKey, DirectoryError> {
    let key_id = || entry.key_id.clone();
    let key = VerifyingKey::parse(&entry.public_key).map_err(|why| DirectoryError::BadKey {
        member,
        key_id: key_id(),
        why,
    })?;
    let expected = key.key_id();
    if entry.key_id != expected {
        return Err(DirectoryError::WrongKeyId { member, key_id: key_id(), expected });
    }
    if entry.not_after <= entry.not_before {
        return Err(DirectoryError::KeyNeverValid { member, key_id: key_id() });
    }
    Ok(key)
}
