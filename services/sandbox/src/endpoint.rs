//! The four endpoints that a VASP's backend offers to its node.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One endpoint of a VASP's backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// Does this address, and this name, belong to a customer?
    Account,
    /// Who sends and who receives: accept or deny.
    Verification,
    /// How far is the transfer of this verification?
    Transaction,
    /// What the node has to tell.
    Callback,
}

impl Endpoint {
    /// All four, in the order of a withdrawal.
    pub const ALL: [Self; 4] = [Self::Account, Self::Verification, Self::Transaction, Self::Callback];

    /// The last segment of its path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Verification => "verification",
            Self::Transaction => "transaction",
            Self::Callback => "callback",
        }
    }

    /// The endpoint with that last segment.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.as_str() == name)
    }

    /// How long the interface lets the backend take.
    pub const fn limit(self) -> Duration {
        match self {
            Self::Verification => Duration::from_secs(5),
            Self::Account | Self::Transaction | Self::Callback => Duration::from_secs(1),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
