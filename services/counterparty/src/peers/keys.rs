//! Asks the service `keys` for the keys of an exchange.

use std::time::Duration;

use waybill_domain::Fault;
use waybill_jobs::{CounterpartyKey, KeyAnswer, OwnKey, Request};
use waybill_protocol::messages::ReplyKey;

use super::{KeyScope, PeerError, Peers, SealingKey, Unavailability};

impl Peers {
    /// The counterparty's key that seals a message. `refused` is a key id that it did not know.
    ///
    /// # Errors
    /// What `keys` says, as if the counterparty had been asked directly.
    pub async fn counterparty_key(
        &self,
        scope: &KeyScope<'_>,
        refused: Option<&str>,
        patience: Duration,
    ) -> Result<SealingKey, PeerError> {
        let request_id = self.ctx.request_id();
        let ask = CounterpartyKey {
            vasp_id: scope.vasp_id,
            key_type: scope.key_type,
            address_sealed: self.seal_address(CounterpartyKey::KIND, &request_id, scope),
            verification_uuid: scope.verification(),
            refused_key_id: refused.map(str::to_owned),
            request_id,
        };
        let KeyAnswer { key_id, public_key, .. } = self.ctx.bus.ask(&ask, patience).await.map_err(of_keys)?;
        SealingKey::parse(key_id, &public_key)
    }

    /// A key of ours to which the counterparty seals its answer.
    ///
    /// # Errors
    /// [`PeerError::Unavailable`] when `keys` does not answer.
    pub async fn reply_key(&self, scope: &KeyScope<'_>, patience: Duration) -> Result<ReplyKey, PeerError> {
        let request_id = self.ctx.request_id();
        let ask = OwnKey {
            key_type: scope.key_type,
            address_sealed: self.seal_address(OwnKey::KIND, &request_id, scope),
            verification_uuid: scope.verification(),
            request_id,
        };
        let KeyAnswer { key_id, public_key, .. } = self.ctx.bus.ask(&ask, patience).await.map_err(of_keys)?;
        Ok(ReplyKey { key_id, public_key })
    }

    fn seal_address(&self, kind: &'static str, request_id: &str, scope: &KeyScope<'_>) -> Option<String> {
        scope.address().map(|address| self.ctx.vault.seal_request(kind, request_id, address))
    }
}

/// `keys` may have asked the counterparty, so its refusals say what the counterparty did.
fn of_keys(fault: Fault) -> PeerError {
    let retry_after = fault.retry_after.map(|seconds| Duration::from_secs(seconds.into()));
    match (fault.status, &*fault.code) {
        (_, "COUNTERPARTY-REFUSED") => {
            PeerError::Refused { status: fault.status, code: fault.code.into(), retry_after }
        }
        (_, "COUNTERPARTY-INVALID-ANSWER") => PeerError::InvalidAnswer("no usable key"),
        (_, "ALLIANCE-NOT-FOUND") => PeerError::NotAMember,
        (408, _) => PeerError::unavailable(Unavailability::Timeout),
        (_, "SERVICE-UNAVAILABLE") => {
            PeerError::Unavailable { why: Unavailability::Ourselves("keys cannot be asked"), retry_after }
        }
        (429 | 500.., _) => PeerError::Unavailable { why: Unavailability::NoKey, retry_after },
        _ => PeerError::Refused { status: fault.status, code: fault.code.into(), retry_after },
    }
}

#[cfg(test)]
mod tests {
    use waybill_domain::codes;

    use super::*;

    #[test]
    fn what_keys_says_counts_as_what_the_counterparty_did() {
        assert_eq!(of_keys(codes::counterparty_refused()).code(), "COUNTERPARTY-REFUSED");
        assert_eq!(of_keys(codes::alliance_not_found()), PeerError::NotAMember);
        for (fault, transient) in [
            (codes::counterparty_refused(), false),
            (codes::counterparty_invalid_answer(), true),
            (codes::counterparty_unavailable().retry_after(7), true),
            (codes::request_timeout(), true),
            (codes::service_unavailable(), true),
            (codes::internal_error(), true),
            (codes::alliance_not_active(), false),
        ] {
            assert_eq!(of_keys(fault.clone()).is_transient(), transient, "{fault}");
        }
        assert!(of_keys(codes::service_unavailable()).is_parked(), "the counterparty has no part in it");
        assert!(!of_keys(codes::counterparty_unavailable()).is_parked());
        let waits = of_keys(codes::counterparty_unavailable().retry_after(7));
        let PeerError::Unavailable { retry_after, .. } = waits else { panic!("{waits}") };
        assert_eq!(retry_after, Some(Duration::from_secs(7)));
    }
}
