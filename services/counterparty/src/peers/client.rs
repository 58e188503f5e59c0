//! Sends messages to members.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use waybill_context::SharedContext;
use waybill_domain::{VaspId, VerificationUuid};
use waybill_egress::{AllowList, Egress};
use waybill_protocol::messages::MessageType;
use waybill_protocol::{Part, ProtocolVersion, SealContext, parse_body};

use super::{PeerAnswer, PeerError};

/// Whatever is set, and keys included: one attempt stays well within the lease of a command.
pub(crate) const LONGEST_ATTEMPT: Duration = Duration::from_secs(40);

/// Sends messages to members, ourselves included. Cheap to clone.
#[derive(Clone)]
pub struct Peers {
    pub(crate) ctx: SharedContext,
    pub(crate) allow: Arc<AllowList>,
    /// Shared with the other processes that call members.
    pub(super) egress: Egress,
}

/// A message that is about to be sent, once: its id is fresh, and what is sealed for it opens in it only.
#[derive(Debug)]
pub struct Draft(SealContext);

impl Draft {
    /// What a payload of this message is bound to.
    pub const fn context(&self) -> &SealContext {
        &self.0
    }
}

impl Peers {
    /// Peers as the node's directory and settings have them.
    pub fn new(ctx: SharedContext) -> Self {
        let allow = AllowList::parse(&ctx.settings.directory.allow_private).unwrap_or_else(|error| {
            // The settings were checked when they were read; an empty list errs on the safe side.
            tracing::error!(%error, "directory.allow_private is ignored");
            AllowList::default()
        });
        let egress = ctx.egress.shared_by(&ctx.shares.counterparty);
        Self { ctx, allow: Arc::new(allow), egress }
    }

    /// Longest time for one request.
    pub fn patience(&self) -> Duration {
        self.ctx.settings.peers.request_timeout.min(LONGEST_ATTEMPT)
    }

    /// Begins a message. `about` is the verification that its payload is bound to, where there is one.
    pub fn draft(&self, to: VaspId, message: MessageType, about: Option<VerificationUuid>) -> Draft {
        Draft(SealContext {
            version: ProtocolVersion::CURRENT,
            message,
            part: Part::Request,
            sender: self.ctx.own_id,
            recipient: to,
            message_id: uuid::Builder::from_random_bytes(self.ctx.random()).into_uuid(),
            verification: about,
        })
    }

    /// Sends a message and waits for its answer, no longer than `patience`.
    ///
    /// # Errors
    /// [`PeerError`]. After anything transient the message may have been stored by the peer.
    pub async fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        draft: Draft,
        body: &B,
        patience: Duration,
    ) -> Result<PeerAnswer<T>, PeerError> {
        let body = serde_json::to_vec(body).map_err(|_| PeerError::NotSent("the body is no JSON"))?;
        let (status, answer) = self.exchange(&draft.0, body.into(), patience).await?;
        let body = parse_body(&answer).map_err(|_| PeerError::InvalidAnswer("not the body of an answer"))?;
        Ok(PeerAnswer { status, body, context: draft.0.response() })
    }
}
