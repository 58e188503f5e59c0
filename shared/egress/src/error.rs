//! Why there is no answer. No variant carries a path, query, header or body.

use std::time::Duration;

use crate::policy::Refusal;

/// A call without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The whole answer did not come within the call's timeout. The destination may have acted on the request.
    #[error("no complete answer in time")]
    Timeout,
    /// No connection, so the destination did not see the request.
    #[error("no connection: {0}")]
    Connect(ConnectFault),
    /// Our policy forbids the call.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The answer's body is longer than the call allows.
    #[error("the answer is larger than {limit} bytes")]
    AnswerTooLarge {
        /// The call's `max_answer_bytes`.
        limit: usize,
    },
    /// The destination's circuit breaker is open.
    #[error("calls to this destination are suspended for {retry_after:?}")]
    BreakerOpen {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// Too many calls to this destination are under way.
    #[error("too many calls to this destination are under way")]
    Busy {
        /// When there is likely to be a place, after those who were turned away before; `None` when nobody knows.
        retry_after: Option<Duration>,
    },
    /// A connection, but not a complete HTTP exchange.
    #[error("no complete HTTP exchange: {0}")]
    Protocol(ProtocolFault),
}

/// What went wrong before a connection stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectFault {
    /// The host name has no address, or the resolver is down.
    #[error("the host name does not resolve")]
    Name,
    /// Nothing listens there.
    #[error("the connection was refused")]
    Refused,
    /// Connecting took too long.
    #[error("connecting took too long")]
    TimedOut,
    /// Its certificate is expired, for another name, or from an unknown authority.
    #[error("the certificate is not trusted")]
    Certificate,
    /// TLS failed in another way.
    #[error("the TLS handshake failed")]
    Tls,
    /// Anything else, such as no route.
    #[error("the network failed")]
    Network,
}

/// What went wrong on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolFault {
    /// The connection ended before the answer did. The destination may have acted on the request.
    #[error("the connection was lost")]
    Lost,
    /// What came back is not HTTP.
    #[error("the answer is not HTTP")]
    NotHttp,
    /// The request cannot be expressed in HTTP.
    #[error("the request is not valid")]
    Request,
}

impl EgressError {
    /// True when the same call may well succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Timeout | Self::Connect(_) | Self::BreakerOpen { .. } | Self::Busy { .. } => true,
            Self::Protocol(fault) => *fault != ProtocolFault::Request,
            Self::Refused(_) | Self::AnswerTooLarge { .. } => false,
        }
    }

    /// A short name for logs and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Connect(_) => "connect",
            Self::Refused(_) => "refused",
            Self::AnswerTooLarge { .. } => "answer-too-large",
            Self::BreakerOpen { .. } => "breaker-open",
            Self::Busy { .. } => "busy",
            Self::Protocol(_) => "protocol",
        }
    }
}

/// The client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EgressSetupError {
    /// The extra certificates are not PEM, or there is none in them.
    #[error("the extra trusted certificates are not readable PEM certificates")]
    Roots,
    /// A destination needs at least one permit.
    #[error("the concurrency must be at least 1")]
    Concurrency,
    /// The TLS or HTTP library refuses the settings.
    #[error("the HTTP client cannot be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transient_means_worth_another_try() {
        for (error, transient) in [
            (EgressError::Timeout, true),
            (EgressError::Connect(ConnectFault::Refused), true),
            (EgressError::BreakerOpen { retry_after: Duration::from_secs(1) }, true),
            (EgressError::Busy { retry_after: None }, true),
            (EgressError::Protocol(ProtocolFault::Lost), true),
            (EgressError::Protocol(ProtocolFault::Request), false),
            (EgressError::Refused(Refusal::Address), false),
            (EgressError::AnswerTooLarge { limit: 1 }, false),
        ] {
            assert_eq!(error.is_transient(), transient, "{error}");
        }
    }
}
