//! What can be wrong with our keys in the directory, and how it is mended.

use std::fmt;

use waybill_domain::{Timestamp, VaspId, format_time};

/// How urgent a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// For information: a rotation is on its way.
    Note,
    /// Will become an alarm when nobody acts.
    Warning,
    /// Other nodes refuse what we sign.
    Alarm,
}

/// Something to know about one of our keys. Its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityFinding {
    /// The directory does not know us.
    NotAMember {
        /// Our id.
        own: VaspId,
    },
    /// The directory lists us as inactive.
    Inactive {
        /// Our id.
        own: VaspId,
    },
    /// The key that signs is not in our entry.
    NotListed {
        /// Its id.
        key_id: String,
        /// Its public half, for the operator of the alliance.
        public_key: String,
    },
    /// The key that signs is not valid yet.
    NotYet {
        /// Its id.
        key_id: String,
        /// When it will be.
        from: Timestamp,
    },
    /// The key that signs is no longer valid.
    Expired {
        /// Its id.
        key_id: String,
        /// Since when.
        since: Timestamp,
    },
    /// The key that signs expires soon, and no other one of ours follows it.
    ExpiresSoon {
        /// Its id.
        key_id: String,
        /// When.
        until: Timestamp,
    },
    /// The next key is not in our entry yet.
    NextNotListed {
        /// Its id.
        key_id: String,
        /// Its public half.
        public_key: String,
    },
    /// The next key is listed and will sign.
    NextWaits {
        /// Its id.
        key_id: String,
    },
    /// The next key signs: the first has done its duty.
    NextSigns {
        /// Its id.
        key_id: String,
    },
}

impl IdentityFinding {
    /// How urgent it is.
    pub const fn urgency(&self) -> Urgency {
        match self {
            Self::NotAMember { .. }
            | Self::Inactive { .. }
            | Self::NotListed { .. }
            | Self::NotYet { .. }
            | Self::Expired { .. } => Urgency::Alarm,
            Self::ExpiresSoon { .. } | Self::NextNotListed { .. } => Urgency::Warning,
            Self::NextWaits { .. } | Self::NextSigns { .. } => Urgency::Note,
        }
    }
}

impl fmt::Display for IdentityFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAMember { own } => write!(
                f,
                "the directory has no member {own}, so every other node refuses us: correct node.vasp_id, or have the \
                 alliance's operator add the member"
            ),
            Self::Inactive { own } => write!(
                f,
                "the directory says that member {own} is not active, so every other node refuses us: ask the \
                 alliance's operator why"
            ),
            Self::NotListed { key_id, public_key } => write!(
                f,
                "the key {key_id} that signs for us is not in our entry of the directory, so every other node refuses \
                 what we send: have the alliance's operator add the public key {public_key}, or set identity.key to \
                 the seed of a key that is listed"
            ),
            Self::NotYet { key_id, from } => write!(
                f,
                "the key {key_id} that signs for us is valid from {} on only, so every other node refuses what we \
                 send: set identity.key to the key that is valid now and identity.next_key to this one",
                format_time(*from)
            ),
            Self::Expired { key_id, since } => write!(
                f,
                "the key {key_id} that signs for us expired on {}, so every other node refuses what we send: have the \
                 alliance's operator extend it, or list a new one and set identity.key to its seed",
                format_time(*since)
            ),
            Self::ExpiresSoon { key_id, until } => write!(
                f,
                "the key {key_id} that signs for us expires on {} and none follows: make one with `waybill generate \
                 identity-key`, have it listed beside the old one, and set identity.next_key",
                format_time(*until)
            ),
            Self::NextNotListed { key_id, public_key } => write!(
                f,
                "identity.next_key ({key_id}) is not in our entry of the directory and does not sign: have the \
                 alliance's operator add the public key {public_key} beside the old one"
            ),
            Self::NextWaits { key_id } => {
                write!(
                    f,
                    "identity.next_key ({key_id}) is listed and will sign as soon as the others know it"
                )
            }
            Self::NextSigns { key_id } => write!(
                f,
                "identity.next_key ({key_id}) signs: move it to identity.key at the next restart, and have the old \
                 key removed from the directory"
            ),
        }
    }
}
