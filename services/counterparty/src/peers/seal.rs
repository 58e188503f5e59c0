//! Sealing payloads for a counterparty.

use serde::Serialize;
use serde::de::DeserializeOwned;
use waybill_crypto::EncryptionPublicKey;
use waybill_domain::VerificationUuid;
use waybill_protocol::messages::{MessageType, Sealed};
use waybill_protocol::seal_message;

use super::{Draft, KeyScope, Patience, PeerAnswer, PeerError, Peers};

/// A counterparty's key and its owner's name for it.
#[derive(Debug, Clone)]
pub struct SealingKey {
    key_id: String,
    public_key: EncryptionPublicKey,
}

/// A message with a sealed payload, to be sent to the counterparty of `scope`.
pub struct SealedMessage<'a, P> {
    /// The message.
    pub kind: MessageType,
    /// The verification that the payload is bound to, where there is one.
    pub about: Option<VerificationUuid>,
    /// Which key of the counterparty seals.
    pub scope: KeyScope<'a>,
    /// What is sealed.
    pub payload: &'a P,
    /// How long all this may take.
    pub patience: Patience,
}

impl SealingKey {
    /// Reads a key as messages and tables hold it.
    ///
    /// # Errors
    /// [`PeerError::InvalidAnswer`] for a key that must not seal.
    pub fn parse(key_id: String, public_key: &str) -> Result<Self, PeerError> {
        let public_key = EncryptionPublicKey::parse(public_key)
            .map_err(|_| PeerError::InvalidAnswer("its key cannot be used"))?;
        Ok(Self { key_id, public_key })
    }
}

impl Peers {
    /// Seals a payload, for this message only.
    ///
    /// # Errors
    /// [`PeerError::NotSent`].
    pub fn seal<P: Serialize>(
        &self,
        draft: &Draft,
        key: &SealingKey,
        payload: &P,
    ) -> Result<Sealed, PeerError> {
        seal_message(draft.context(), &key.key_id, &key.public_key, payload, &*self.ctx.entropy)
            .map_err(|_| PeerError::NotSent("the payload cannot be sealed"))
    }

    /// Seals the payload to the counterparty's key and sends it in the body that `body` makes. A key that the
    /// counterparty does not know is fetched anew, once.
    ///
    /// # Errors
    /// [`PeerError`]; [`PeerError::UnknownKey`] when the new key is unknown too.
    pub async fn send_sealed<P: Serialize, B: Serialize, T: DeserializeOwned>(
        &self,
        message: &SealedMessage<'_, P>,
        body: impl Fn(Sealed) -> B,
    ) -> Result<PeerAnswer<T>, PeerError> {
        let key = self.counterparty_key(&message.scope, None, message.patience.left()).await?;
        match self.seal_and_send(message, &key, &body).await {
            Err(PeerError::UnknownKey) => {
                let refused = Some(&*key.key_id);
                let key = self.counterparty_key(&message.scope, refused, message.patience.left()).await?;
                self.seal_and_send(message, &key, &body).await
            }
            outcome => outcome,
        }
    }

    async fn seal_and_send<P: Serialize, B: Serialize, T: DeserializeOwned>(
        &self,
        message: &SealedMessage<'_, P>,
        key: &SealingKey,
        body: &impl Fn(Sealed) -> B,
    ) -> Result<PeerAnswer<T>, PeerError> {
        let draft = self.draft(message.scope.vasp_id, message.kind, message.about);
        let sealed = self.seal(&draft, key, message.payload)?;
        self.send(draft, &body(sealed), message.patience.left()).await
    }
}
