//! Whether a key speaks for a member now.

use waybill_domain::{Timestamp, VaspId};

use crate::Directory;

/// What a directory says of a key at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// It speaks for the member.
    Valid {
        /// Since this time.
        since: Timestamp,
        /// And up to this one.
        until: Timestamp,
    },
    /// It will speak for the member.
    NotYet {
        /// From this time on.
        from: Timestamp,
    },
    /// It spoke for the member.
    Expired {
        /// Until this time.
        since: Timestamp,
    },
    /// The member has no such key.
    NotListed,
    /// There is no such member.
    NotAMember,
}

impl Directory {
    /// What it says of the key with this id.
    pub fn key_standing(&self, owner: VaspId, key_id: &str, now: Timestamp) -> KeyStanding {
        let Some(member) = self.member(owner) else { return KeyStanding::NotAMember };
        let Some(key) = member.identity_keys.iter().find(|key| key.key_id == key_id) else {
            return KeyStanding::NotListed;
        };
        if now < key.not_before {
            KeyStanding::NotYet { from: key.not_before }
        } else if now >= key.not_after {
            KeyStanding::Expired { since: key.not_after }
        } else {
            KeyStanding::Valid { since: key.not_before, until: key.not_after }
        }
    }
}
