//! Why a vendor gave no answer that could be used.

use std::time::Duration;

use crate::NoTurn;

/// A call without a usable answer. Holds nothing of the request or the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VendorError {
    /// Our own limits allow no call in time. Nothing was sent.
    #[error("no turn within the time given")]
    NoTurn {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// Calls are suspended after failures. Nothing was sent.
    #[error("calls are suspended")]
    Suspended {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// The vendor says that there were too many calls. All processes wait.
    #[error("the vendor asks to wait")]
    Throttled {
        /// For so long.
        retry_after: Duration,
    },
    /// No connection, or it was lost. The vendor may have seen the request.
    #[error("the vendor cannot be reached")]
    Unreachable,
    /// No complete answer in time. The vendor may have seen the request.
    #[error("no answer of the vendor in time")]
    Timeout,
    /// A status that says that it is the vendor who fails.
    #[error("the vendor answered with status {status}")]
    Failing {
        /// The status.
        status: u16,
    },
    /// An answer that says nothing: `redirect`, `not JSON`.
    #[error("the answer is not usable: {0}")]
    Unusable(&'static str),
}

impl VendorError {
    /// Whether the vendor does not do its work. Not so when it was not asked because of our own limits.
    pub fn is_outage(&self) -> bool {
        !matches!(self, Self::NoTurn { .. })
    }

    /// When trying again makes sense, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoTurn { retry_after }
            | Self::Suspended { retry_after }
            | Self::Throttled { retry_after } => Some(*retry_after),
            Self::Unreachable | Self::Timeout | Self::Failing { .. } | Self::Unusable(_) => None,
        }
    }
}

impl From<NoTurn> for VendorError {
    fn from(NoTurn { retry_after }: NoTurn) -> Self {
        Self::NoTurn { retry_after }
    }
}
