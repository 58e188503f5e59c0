//! Fetches a member's encryption key over the network, for the service `keys`.

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_crypto::EncryptionPublicKey;
use waybill_domain::{Fault, Timestamp};
use waybill_jobs::{FetchKey, KeyAnswer, Request as _};
use waybill_protocol::Hidden;
use waybill_protocol::messages::{KeysRequest, KeysResponse, MessageType};

use crate::peers::{PeerAnswer, PeerError, Peers};

const LONGEST_KEY_ID: usize = 64;

/// Answers [`FetchKey`].
pub(super) struct KeyFetcher {
    pub peers: Peers,
}

#[async_trait]
impl RequestHandler<FetchKey> for KeyFetcher {
    async fn answer(&self, request: FetchKey) -> Result<KeyAnswer, Fault> {
        let open = |sealed: &String| {
            self.peers
                .ctx
                .vault
                .open_request(FetchKey::KIND, &request.request_id, sealed)
                .map(|it| Hidden(it.to_string()))
        };
        let body = KeysRequest {
            key_type: request.key_type,
            address: request.address_sealed.as_ref().map(open).transpose()?,
            verification_uuid: request.verification_uuid,
        };
        let draft = self.peers.draft(request.vasp_id, MessageType::Keys, request.verification_uuid);
        let answer: PeerAnswer<KeysResponse> = self.peers.send(draft, &body, self.peers.patience()).await?;
        Ok(check(&body, answer.body, self.peers.ctx.clock.now())?)
    }
}

/// The answer's signature is good; what is left is whether it gives a usable key for exactly what was asked.
fn check(asked: &KeysRequest, answer: KeysResponse, now: Timestamp) -> Result<KeyAnswer, PeerError> {
    let visible = answer.key_id.bytes().all(|byte| byte.is_ascii_graphic());
    let named = !answer.key_id.is_empty() && answer.key_id.len() <= LONGEST_KEY_ID && visible;
    let wrong = if !answer.answers(asked) {
        "the key is for another scope"
    } else if !named {
        "the key id is not readable"
    } else if answer.expires_at <= now {
        "the key has expired"
    } else if EncryptionPublicKey::parse(&answer.public_key).is_err() {
        "the key cannot be used"
    } else {
        let KeysResponse { key_id, public_key, expires_at, .. } = answer;
        return Ok(KeyAnswer { key_id, public_key, expires_at });
    };
    Err(PeerError::InvalidAnswer(wrong))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use waybill_crypto::EncryptionKeyPair;
    use waybill_domain::{Clock as _, KeyType, VerificationUuid};
    use waybill_testkit::{MockClock, SeededEntropy};

    use super::*;

    fn asked() -> KeysRequest {
        let address = Some(Hidden("0x58".to_owned()));
        KeysRequest { key_type: KeyType::PerAddress, address, verification_uuid: None }
    }

    fn answer() -> KeysResponse {
        let pair = EncryptionKeyPair::generate(&SeededEntropy::new(1));
        KeysResponse {
            key_type: KeyType::PerAddress,
            address: asked().address,
            verification_uuid: None,
            key_id: "k1".to_owned(),
            public_key: pair.public.to_string(),
            expires_at: MockClock::default().now() + TimeDelta::minutes(30),
        }
    }

    #[test]
    fn only_the_key_that_was_asked_for_is_taken() {
        let now = MockClock::default().now();
        assert_eq!(check(&asked(), answer(), now).unwrap().key_id, "k1");
        let other = Some(VerificationUuid::from_random([1; 16]));
        let wrong = [
            KeysResponse { address: Some(Hidden("0x59".to_owned())), ..answer() },
            KeysResponse { address: None, ..answer() },
            KeysResponse { key_type: KeyType::PerVasp, ..answer() },
            KeysResponse { verification_uuid: other, ..answer() },
            KeysResponse { key_id: String::new(), ..answer() },
            KeysResponse { key_id: "a key".to_owned(), ..answer() },
            KeysResponse { key_id: "k".repeat(65), ..answer() },
            KeysResponse { expires_at: now, ..answer() },
            KeysResponse { public_key: "AAAA".to_owned(), ..answer() },
        ];
        for answer in wrong {
            assert!(matches!(check(&asked(), answer, now), Err(PeerError::InvalidAnswer(_))));
        }
    }
}
