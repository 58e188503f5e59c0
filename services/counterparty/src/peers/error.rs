//! Why a member gave no usable answer.

use std::time::Duration;

use waybill_domain::{Fault, codes};

/// What callers are told to wait when nobody knows better.
const DEFAULT_WAIT: Duration = Duration::from_secs(5);

/// Refusals that say nothing about the message: they end when a directory, a clock, a key or a program is put right on
/// either side.
const ABOUT_THE_SENDER: [&str; 10] = [
    "SIGNATURE-MISSING",
    "SIGNATURE-INVALID",
    "IDENTITY-KEY-NOT-VALID",
    "DIGEST-MISMATCH",
    "STALE-REQUEST",
    "UNKNOWN-SENDER",
    "INACTIVE-SENDER",
    "WRONG-RECIPIENT",
    "UNSUPPORTED-PROTOCOL-VERSION",
    "MESSAGE-ID-REUSED",
];

/// A message without a usable answer. Holds nothing that the peer wrote but a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// Not reached, too slow, or it asked to be left alone: the same message may well succeed later.
    #[error("the peer is unavailable: {why}")]
    Unavailable {
        /// What happened.
        why: Unavailability,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The peer does not know the key to which the payload was sealed.
    #[error("the peer does not know the encryption key")]
    UnknownKey,
    /// A signed refusal that trying again does not change.
    #[error("the peer refused: {status} {code}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The peer's code.
        code: String,
        /// How long it wants to be left alone with this message.
        retry_after: Option<Duration>,
    },
    /// An answer that is unsigned, wrongly signed, too large or not readable: it counts as none.
    #[error("the peer's answer cannot be used: {0}")]
    InvalidAnswer(&'static str),
    /// The recipient is not in the directory, or has no endpoint that may be called.
    #[error("the recipient is no member that can be reached")]
    NotAMember,
    /// A fault of this node: a key that does not seal, a body that is no JSON.
    #[error("the message could not be made: {0}")]
    NotSent(&'static str),
}

/// What kept a message from being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailability {
    /// No complete answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or a broken one.
    #[error("no connection")]
    Connection,
    /// A status that says "later".
    #[error("status {0}")]
    Status(u16),
    /// Not sent: too many messages to this peer are under way.
    #[error("too many messages are under way")]
    Busy,
    /// Not sent: the peer failed too often and is left alone for a while.
    #[error("calls are suspended")]
    Suspended,
    /// Not sent: its key could not be fetched.
    #[error("no key is to be had")]
    NoKey,
    /// Not sent: a part of this node could not do its share.
    #[error("{0}")]
    Ourselves(&'static str),
}

impl PeerError {
    /// A peer that is unavailable for an unknown time.
    pub(crate) const fn unavailable(why: Unavailability) -> Self {
        Self::Unavailable { why, retry_after: None }
    }

    /// True when the same message, sealed and signed anew, may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::InvalidAnswer(_) => true,
            // The directory and this node can be repaired.
            Self::NotAMember | Self::NotSent(_) => true,
            Self::Refused { code, .. } => ABOUT_THE_SENDER.contains(&code.as_str()),
            Self::UnknownKey => false,
        }
    }

    /// True when the message was held back here, to protect the peer or the others, or for want of a part of this node: no
    /// failure of the peer.
    pub const fn is_parked(&self) -> bool {
        let Self::Unavailable { why, .. } = self else { return false };
        matches!(why, Unavailability::Busy | Unavailability::Suspended | Unavailability::Ourselves(_))
    }

    /// True when the peer had no place for the message.
    pub(crate) const fn is_busy(&self) -> bool {
        matches!(self, Self::Unavailable { why: Unavailability::Busy, .. })
    }

    /// How long the peer wants to be left alone.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after, .. } | Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// A code for our own records: the peer's where it gave one.
    pub fn code(&self) -> &str {
        match self {
            Self::Unavailable { .. } => "COUNTERPARTY-UNAVAILABLE",
            Self::UnknownKey => "UNKNOWN-KEY",
            Self::Refused { code, .. } => code,
            Self::InvalidAnswer(_) => "COUNTERPARTY-INVALID-ANSWER",
            Self::NotAMember => "ALLIANCE-NOT-FOUND",
            Self::NotSent(_) => "INTERNAL-ERROR",
        }
    }
}

/// What the asker of a synchronous request is told.
impl From<PeerError> for Fault {
    fn from(error: PeerError) -> Self {
        match error {
            PeerError::Unavailable { why: Unavailability::Timeout | Unavailability::Status(504), .. } => {
                codes::request_timeout()
            }
            PeerError::Unavailable { retry_after, .. } => {
                let wait = retry_after.unwrap_or(DEFAULT_WAIT);
                codes::counterparty_unavailable().retry_after(whole_seconds(wait))
            }
            PeerError::UnknownKey | PeerError::Refused { .. } => codes::counterparty_refused(),
            PeerError::InvalidAnswer(_) => codes::counterparty_invalid_answer(),
            PeerError::NotAMember => codes::alliance_not_found(),
            PeerError::NotSent(_) => codes::internal_error(),
        }
    }
}

/// Seconds, rounded up and at least one: a wait of zero would invite a busy loop.
fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(why: Unavailability, millis: u64) -> PeerError {
        PeerError::Unavailable { why, retry_after: Some(Duration::from_millis(millis)) }
    }

    #[test]
    fn askers_get_documented_refusals() {
        let code = "WRONG-RECIPIENT".to_owned();
        let refused = PeerError::Refused { status: 403, code, retry_after: None };
        for (error, status, code, wait) in [
            (PeerError::unavailable(Unavailability::Timeout), 408, "REQUEST-TIMEOUT", None),
            (later(Unavailability::Status(504), 9), 408, "REQUEST-TIMEOUT", None),
            (PeerError::unavailable(Unavailability::Connection), 503, "COUNTERPARTY-UNAVAILABLE", Some(5)),
            (later(Unavailability::Status(429), 2001), 503, "COUNTERPARTY-UNAVAILABLE", Some(3)),
            (later(Unavailability::Suspended, 0), 503, "COUNTERPARTY-UNAVAILABLE", Some(1)),
            (PeerError::UnknownKey, 502, "COUNTERPARTY-REFUSED", None),
            (refused, 502, "COUNTERPARTY-REFUSED", None),
            (PeerError::InvalidAnswer("x"), 502, "COUNTERPARTY-INVALID-ANSWER", None),
            (PeerError::NotAMember, 400, "ALLIANCE-NOT-FOUND", None),
            (PeerError::NotSent("x"), 500, "INTERNAL-ERROR", None),
        ] {
            let fault = Fault::from(error);
            assert_eq!((fault.status, &*fault.code, fault.retry_after), (status, code, wait));
        }
    }

    #[test]
    fn what_a_repair_on_either_side_ends_is_tried_again() {
        let refused =
            |code: &str| PeerError::Refused { status: 403, code: code.to_owned(), retry_after: None };
        for code in ABOUT_THE_SENDER {
            assert!(waybill_domain::codes::CATALOGUE.iter().any(|entry| entry.code == code), "{code}");
            assert!(refused(code).is_transient(), "{code}");
        }
        for code in ["VERIFICATION-NOT-FOUND", "WRONG-ROLE", "TX-ALREADY-REPORTED", "INVALID-PAYLOAD"] {
            assert!(!refused(code).is_transient(), "{code}");
        }
    }

    #[test]
    fn only_what_was_held_back_here_is_parked() {
        assert!(PeerError::unavailable(Unavailability::Busy).is_parked());
        assert!(later(Unavailability::Suspended, 1).is_parked());
        assert!(PeerError::unavailable(Unavailability::Ourselves("keys cannot be asked")).is_parked());
        assert!(!PeerError::unavailable(Unavailability::Timeout).is_parked());
        assert!(!PeerError::UnknownKey.is_parked());
    }
}
