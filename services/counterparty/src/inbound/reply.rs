//! What a message is answered with, before it is signed.

use serde::Serialize;
use waybill_domain::{Fault, codes};
use waybill_protocol::messages::{Acknowledgement, Refusal};

/// A status and a JSON body; kept with the message, so that a replay gets it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub status: u16,
    pub body: String,
}

/// The answer to a message, or its refusal.
pub(super) type Handled = Result<Reply, Fault>;

impl Reply {
    pub(super) fn new(status: u16, body: &impl Serialize) -> Handled {
        let body = serde_json::to_string(body).map_err(|_| codes::internal_error())?;
        Ok(Self { status, body })
    }

    pub(super) fn ok(body: &impl Serialize) -> Handled {
        Self::new(200, body)
    }

    pub(super) fn acknowledgement() -> Handled {
        Self::ok(&Acknowledgement::STORED)
    }

    pub(super) fn refusal(fault: &Fault) -> Handled {
        Self::new(fault.status, &Refusal::from(fault))
    }
}
