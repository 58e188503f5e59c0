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

    /// What is the matter.
    pub fn what(&self) -> String {
        match self {
            Self::NotAMember { own } => {
                format!("the directory has no member {own}, so every other node refuses us")
            }
            Self::Inactive { own } => {
                format!("the directory says that member {own} is not active, so every other node refuses us")
            }
            Self::NotListed { key_id, .. } => format!(
                "the key {key_id} that signs for us is not in our entry of the directory, so every other node refuses \
                 what we send"
            ),
            Self::NotYet { key_id, from } => format!(
                "the key {key_id} that signs for us is valid from {} on only, so every other node refuses what we send",
                format_time(*from)
            ),
            Self::Expired { key_id, since } => format!(
                "the key {key_id} that signs for us expired on {}, so every other node refuses what we send",
                format_time(*since)
            ),
            Self::ExpiresSoon { key_id, until } => {
                format!(
                    "the key {key_id} that signs for us expires on {} and none follows",
                    format_time(*until)
                )
            }
            Self::NextNotListed { key_id, .. } => {
                format!("identity.next_key ({key_id}) is not in our entry of the directory and does not sign")
            }
            Self::NextWaits { key_id } => {
                format!("identity.next_key ({key_id}) is listed and will sign as soon as the others know it")
            }
            Self::NextSigns { key_id } => format!("identity.next_key ({key_id}) signs"),
        }
    }

    /// What to do about it, if anything.
    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::NotAMember { .. } => {
                "correct node.vasp_id, or have the alliance's operator add the member".to_owned()
            }
            Self::Inactive { .. } => "ask the alliance's operator why".to_owned(),
            Self::NotListed { public_key, .. } => format!(
                "have the alliance's operator add the public key {public_key}, or set identity.key to the seed of a key \
                 that is listed"
            ),
            Self::NotYet { .. } => {
                "set identity.key to the key that is valid now and identity.next_key to this one".to_owned()
            }
            Self::Expired { .. } => {
                "have the alliance's operator extend it, or list a new one and set identity.key \
                                     to its seed"
                    .to_owned()
            }
            Self::ExpiresSoon { .. } => {
                "make one with `waybill generate identity-key`, have it listed beside the \
                                         old one, and set identity.next_key"
                    .to_owned()
            }
            Self::NextNotListed { public_key, .. } => {
                format!("have the alliance's operator add the public key {public_key} beside the old one")
            }
            Self::NextWaits { .. } => return None,
            Self::NextSigns { .. } => {
                "move it to identity.key at the next restart, and have the old key removed \
                                       from the directory"
                    .to_owned()
            }
        })
    }
}

impl fmt::Display for IdentityFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())?;
        self.remedy().map_or(Ok(()), |remedy| write!(f, ": {remedy}"))
    }
}
