//! Why the backend gave no answer that can be used.

use waybill_domain::{Fault, codes};
use waybill_egress::{EgressError, ProtocolFault};

use crate::unusable::UnusableAnswers;

/// A question to the backend without a usable answer. Holds nothing that the backend wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// Its URL is not set, or is one that must not be called.
    #[error("the backend's URL is not set or not allowed")]
    NotConfigured,
    /// It cannot be reached, or says that it cannot answer now.
    #[error("the backend cannot be reached")]
    Unavailable,
    /// It did not answer in time.
    #[error("the backend did not answer in time")]
    Timeout,
    /// It answered, and the named part breaks the interface.
    #[error("the backend's answer cannot be used: {0}")]
    InvalidAnswer(&'static str),
    /// It refused the question with this HTTP status.
    #[error("the backend refused with status {0}")]
    Refused(u16),
}

impl BackendError {
    /// Whether the same question may well be answered later. The other errors are the backend's own doing.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::NotConfigured | Self::Unavailable | Self::Timeout)
    }

    /// The unusable answers after this error. An unreachable backend gives none: the deadline ends that.
    pub(crate) fn count_with(self, so_far: UnusableAnswers) -> UnusableAnswers {
        if self.is_transient() { so_far } else { so_far.and_one() }
    }
}

impl From<&EgressError> for BackendError {
    fn from(error: &EgressError) -> Self {
        match error {
            EgressError::Timeout => Self::Timeout,
            EgressError::Refused(_) => Self::NotConfigured,
            EgressError::AnswerTooLarge { .. } => Self::InvalidAnswer("it is too large"),
            EgressError::Protocol(ProtocolFault::NotHttp) => Self::InvalidAnswer("it is not HTTP"),
            EgressError::Connect(_)
            | EgressError::BreakerOpen { .. }
            | EgressError::Busy { .. }
            | EgressError::Protocol(_) => Self::Unavailable,
        }
    }
}

impl From<BackendError> for Fault {
    /// What a counterparty is told that waits for the answer.
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Timeout => codes::backend_timeout(),
            BackendError::InvalidAnswer(_) => codes::backend_invalid_answer(),
            BackendError::NotConfigured | BackendError::Unavailable | BackendError::Refused(_) => {
                codes::backend_unavailable()
            }
        }
    }
}
