//! A member of the alliance that has no node: its identity key is in the test's hands, so it can say anything.

use serde_json::{Value, json};
use uuid::Uuid;
use waybill_crypto::{EncryptionKeyPair, EncryptionPublicKey, IdentityKey};
use waybill_domain::{Clock as _, Entropy as _, VaspId, VerificationUuid, format_time};
use waybill_protocol::messages::MessageType;
use waybill_protocol::{Part, ProtocolVersion, SealContext, seal_message};
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_testkit::SeededEntropy;

use crate::SOON;
use crate::letter::{Letter, Listener};
use crate::requests::verification;

/// Somebody with an identity key; a member once the directory says so.
#[derive(Debug, Clone)]
pub struct Member {
    pub vasp_id: VaspId,
    pub identity: IdentityKey,
}

impl Member {
    /// The key follows from the id.
    pub fn new(vasp_id: u64) -> Self {
        let identity = IdentityKey::generate(&SeededEntropy::new(vasp_id));
        Self { vasp_id: VaspId::new(vasp_id), identity }
    }

    /// Its entry in a directory, like that of another member, with an endpoint where nobody listens.
    pub fn entry(&self, like: &Value) -> Value {
        let mut entry = like.clone();
        entry["vaspId"] = json!(self.vasp_id);
        entry["endpoint"] = json!("http://127.0.0.1:1");
        entry["identityKeys"][0]["keyId"] = json!(self.identity.key_id());
        entry["identityKeys"][0]["publicKey"] = json!(self.identity.verifying_key().to_string());
        entry
    }

    /// A good message, signed now.
    pub fn letter(&self, to: &Listener, message: &str, body: &Value) -> Letter {
        Letter {
            to: *to,
            path: format!("/peer/v1/{message}"),
            sender: self.vasp_id,
            recipient: to.vasp_id,
            message_id: random_uuid(),
            signed_at: SystemClock.now(),
            identity: self.identity.clone(),
            body: body.to_string(),
        }
    }

    /// A `verifications` message about a usual transfer, with this payload sealed to a key that it asks for first.
    pub async fn question(&self, to: &Listener, uuid: VerificationUuid, payload: &Value) -> Letter {
        let key = self.letter(to, "keys", &json!({"keyType": "PerVasp"})).send().await.ok();
        let [key_id, public] = ["keyId", "publicKey"].map(|name| key[name].as_str().expect("keys are text"));
        let public = EncryptionPublicKey::parse(public).expect("keys are well-formed");
        let mut letter = self.letter(to, "verifications", &Value::Null);
        let context = SealContext {
            version: ProtocolVersion::CURRENT,
            message: MessageType::Verifications,
            part: Part::Request,
            sender: letter.sender,
            recipient: letter.recipient,
            message_id: letter.message_id,
            verification: Some(uuid),
        };
        let reply_key = EncryptionKeyPair::generate(&SystemEntropy).public.to_string();
        let usual = verification();
        letter.body = json!({
            "verificationUuid": uuid,
            "keyType": "PerVasp",
            "expiresAt": format_time(SystemClock.now() + 2 * SOON),
            "assetInfo": usual["assetInfo"],
            "requiredBeneficiaryInfo": usual["requiredBeneficiaryInfo"],
            "replyKey": {"keyId": "reply", "publicKey": reply_key},
            "sealed": seal_message(&context, key_id, &public, payload, &SystemEntropy).expect("it can be sealed"),
        })
        .to_string();
        letter
    }
}

/// An id that nothing else has.
pub fn random_uuid() -> Uuid {
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
