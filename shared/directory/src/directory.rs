//! A verified directory, ready for look-ups.

use std::collections::HashMap;
use std::ops::Range;

use waybill_crypto::VerifyingKey;
use waybill_domain::{Timestamp, VaspId};

use crate::{Document, Member};

/// Identity keys by owner and key id, each with the time in which it is valid.
pub(crate) type KeyTable = HashMap<(VaspId, String), (VerifyingKey, Range<Timestamp>)>;

/// A snapshot of the members. Made by [`verify`](crate::verify) only, so it is always signed and consistent.
#[derive(Debug, Clone, PartialEq)]
pub struct Directory {
    document: Document,
    positions: HashMap<VaspId, usize>,
    keys: KeyTable,
}

impl Directory {
    /// A directory from a checked document and the keys that the check gave.
    pub(crate) fn new(document: Document, keys: KeyTable) -> Self {
        let ids = document.members.iter().map(|member| member.vasp_id);
        let positions = ids.enumerate().map(|(at, id)| (id, at)).collect();
        Self { document, positions, keys }
    }

    /// Version of the document; to be remembered over restarts.
    pub fn version(&self) -> u64 {
        self.document.version
    }

    /// When it was made.
    pub fn issued_at(&self) -> Timestamp {
        self.document.issued_at
    }

    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        self.document.expires_at
    }

    /// Whether new verifications must wait for a newer directory. Answers go on.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.document.expires_at
    }

    /// All members, in the operator's order, inactive ones included.
    pub fn members(&self) -> &[Member] {
        &self.document.members
    }

    /// The member with this id; whether it is active is in the entry.
    pub fn member(&self, id: VaspId) -> Option<&Member> {
        self.positions.get(&id).map(|at| &self.document.members[*at])
    }

    /// The identity key of `owner` with this id, if it is valid now. Says nothing about whether the owner is active.
    pub fn identity_key(&self, owner: VaspId, key_id: &str, now: Timestamp) -> Option<VerifyingKey> {
        let (key, valid) = self.keys.get(&(owner, key_id.to_owned()))?;
        valid.contains(&now).then_some(*key)
    }
}
