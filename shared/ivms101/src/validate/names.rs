//! Names.

use super::values::Script;
use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys::{self, Key};
use crate::model::Names;
use crate::path::Path;

/// What the names of natural and of legal persons differ in.
pub(super) struct NameRules<Name> {
    /// Broken when no name is a legal one.
    pub(super) rule: Rule,
    pub(super) is_legal: fn(&Name) -> bool,
    pub(super) check: fn(&Name, Script, &Path<'_>, &mut Findings),
}

impl<Name: Default + PartialEq> NameRules<Name> {
    /// Checks the names of a person, who must have one if `named`.
    pub(super) fn apply(&self, names: &Names<Name>, path: &Path<'_>, named: bool, findings: &mut Findings) {
        let identifiers = path.key(keys::NAME_IDENTIFIER.name);
        if named && names.is_empty() {
            findings.missing(path);
        } else if named && names.identifiers.is_empty() {
            findings.missing(&identifiers);
        } else if !names.identifiers.is_empty() && !names.identifiers.iter().any(self.is_legal) {
            findings.broken(&identifiers, self.rule, "One of the names must be the legal one: type LEGL.");
        }
        self.each(&names.identifiers, Script::Latin, path, &keys::NAME_IDENTIFIER, findings);
        self.each(&names.local, Script::Any, path, &keys::LOCAL_NAME_IDENTIFIER, findings);
        self.each(&names.phonetic, Script::Any, path, &keys::PHONETIC_NAME_IDENTIFIER, findings);
    }

    fn each(&self, names: &[Name], script: Script, path: &Path<'_>, key: &Key, findings: &mut Findings) {
        let path = path.key(key.name);
        for (at, name) in names.iter().enumerate() {
            (self.check)(name, script, &path.item(at), findings);
        }
    }
}
