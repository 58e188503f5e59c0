//! Whose key it is, and for what.

use waybill_domain::{KeyType, VaspId};

/// What a key that is kept is for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    pub(super) vasp_id: VaspId,
    pub(super) key_type: KeyType,
    /// Given for `PerAddress`.
    pub(super) address: Option<String>,
}

impl Scope {
    /// The name in `counter_party_keys`.
    pub(super) fn identifier(&self) -> String {
        self.address.clone().unwrap_or_else(|| self.vasp_id.to_string())
    }
}
