//! One message between nodes, and the signed answer to it.

use std::path::Path;

use http::{HeaderMap, Method};
use uuid::Uuid;
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_domain::{Clock as _, Timestamp, VaspId};
use waybill_protocol::{Exchange, RequestParts, SignatureFault, sign_request, verify_response};
use waybill_runtime::SystemClock;

use crate::client::{Answer, Client};
use crate::directory::SignedDirectory;
use crate::party::Party;

/// The public listener of a node, and the key that its answers must be signed with.
#[derive(Debug, Clone, Copy)]
pub struct Listener {
    pub vasp_id: VaspId,
    client: Client,
    key: VerifyingKey,
}

impl Listener {
    /// That of a party, whose key is in the directory below `state`.
    pub fn of(party: Party, state: &Path) -> Self {
        let vasp_id = party.vasp_id.parse().expect("parties have ids");
        Self { vasp_id, client: party.listener, key: SignedDirectory::of(state).identity_key(vasp_id) }
    }
}

impl Listener {
    /// The same, known by another key.
    #[must_use]
    pub fn with_key(self, key: VerifyingKey) -> Self {
        Self { key, ..self }
    }
}

/// A message before it is signed; every part can be made wrong.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whom it is sent to, whoever it says it is for.
    pub to: Listener,
    pub path: String,
    pub sender: VaspId,
    pub recipient: VaspId,
    pub message_id: Uuid,
    pub signed_at: Timestamp,
    pub identity: IdentityKey,
    pub body: String,
}

impl Letter {
    /// Sends it. Panics unless the answer is signed by the asked, for this very message.
    pub async fn send(&self) -> Answer {
        self.send_with_body(&self.body).await
    }

    /// Sends it; none when the answer is not signed with the key that the listener is known by.
    pub async fn try_send(&self) -> Option<Answer> {
        let (exchange, answer) = self.exchange(&self.body).await;
        self.check(&exchange, &answer).is_ok().then_some(answer)
    }

    /// As [`Letter::send`], with another body than was signed.
    pub async fn send_with_body(&self, body: &str) -> Answer {
        let (exchange, answer) = self.exchange(body).await;
        self.check(&exchange, &answer)
            .unwrap_or_else(|fault| panic!("the answer proves nothing, {fault}: {answer:?}"));
        answer
    }

    async fn exchange(&self, body: &str) -> (Exchange, Answer) {
        let parts = RequestParts {
            method: &Method::POST,
            path: &self.path,
            sender: self.sender,
            recipient: self.recipient,
            message_id: self.message_id,
        };
        let signed = sign_request(&parts, self.body.as_bytes(), &self.identity, self.signed_at);
        let headers = as_text(&signed.headers);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = self.to.client.send(Method::POST, &self.path, &headers, body.to_owned()).await;
        (signed.exchange, answer)
    }

    fn check(&self, exchange: &Exchange, answer: &Answer) -> Result<(), SignatureFault> {
        let Listener { vasp_id, key, .. } = self.to;
        let exchange = Exchange { recipient: vasp_id, ..exchange.clone() };
        let find_key = |owner, key_id: &str| (owner == vasp_id && key_id == key.key_id()).then_some(key);
        let now = SystemClock.now();
        verify_response(&exchange, answer.status, &answer.headers, &answer.body, find_key, now)
    }
}

fn as_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| value.to_str().expect("our own headers are text").to_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
