//! What can go wrong with the broker.

use std::time::Duration;

/// Why a session with the broker ended or could not begin. Holds no password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("the URL of the broker cannot be read: {0}")]
    Url(String),
    #[error("the certificates in {path} cannot be read: {error}")]
    Certificates { path: String, error: std::io::Error },
    #[error("the broker did not answer within {0:?}")]
    Slow(Duration),
    #[error("the queue {queue} is missing, and bus.declare says that it is not made here")]
    Missing { queue: String },
    #[error("the queue {queue} {problem}")]
    Queue { queue: String, problem: String },
    #[error("a command of kind {kind} was not taken: {why}")]
    Unconfirmed { kind: String, why: String },
    #[error("{0}")]
    Broker(#[from] lapin::Error),
    #[error("the broker ended the subscription to {0}")]
    Cancelled(String),
}
