//! Worked examples for other implementations, in `vectors.json`. This test makes them anew from fixed seeds, and checks
//! the signatures as somebody would who has only the documentation.
//!
//! After a deliberate change: `WAYBILL_WRITE_VECTORS=1 cargo test -p waybill-protocol --test vectors`.

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use waybill_crypto::{EncryptionKeyPair, IdentityKey, VerifyingKey};
use waybill_domain::{Entropy, Timestamp, VaspId};
use waybill_protocol::messages::{AccountsRequest, MessageType, SUITE};
use waybill_protocol::{
    Part, ProtocolVersion, RequestParts, SealContext, open_message, seal_message, sign_request,
    sign_response, verify_request, verify_response,
};

const ASKER: VaspId = VaspId::new(15_952_089_931_162_059_995);
const ASKED: VaspId = VaspId::new(27_372_039_731_940_770);
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.json");

/// Randomness that is one byte over and over.
struct Repeated(u8);

impl Entropy for Repeated {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

fn identity(vasp: VaspId) -> IdentityKey {
    IdentityKey::from_seed(&[if vasp == ASKER { 0x11 } else { 0x22 }; 32])
}

fn find_key(vasp: VaspId, key_id: &str) -> Option<VerifyingKey> {
    let key = identity(vasp).verifying_key();
    (key.key_id() == key_id).then_some(key)
}

fn describe_identity(vasp: VaspId) -> Value {
    let key = identity(vasp);
    json!({
        "vaspId": vasp, "seed": key.to_text().as_str(), "publicKey": key.verifying_key().to_string(), "keyId": key.key_id()
    })
}

fn describe_pair(pair: &EncryptionKeyPair) -> Value {
    let public = &pair.public;
    json!({"privateKey": pair.private.to_text().as_str(), "publicKey": public.to_string(), "keyId": public.key_id()})
}

/// A sealed payload with all that goes into it. The seed of the ephemeral key is `ikmE` of RFC 9180's DeriveKeyPair.
fn sealed(context: &SealContext, pair: &EncryptionKeyPair, payload: &Value, ephemeral: u8) -> (Value, Value) {
    let key_id = pair.public.key_id();
    let sealed = seal_message(context, &key_id, &pair.public, payload, &Repeated(ephemeral)).unwrap();
    let opened: Value = open_message(context, &pair.private, &sealed).unwrap();
    assert_eq!(&opened, payload);
    let sealed = serde_json::to_value(sealed).unwrap();
    let described = json!({
        "key": describe_pair(pair),
        "ephemeralSeed": hex::encode([ephemeral; 32]),
        "associatedData": hex::encode(context.associated_data(&key_id)),
        "plaintext": payload.to_string(),
        "sealed": sealed,
    });
    (sealed, described)
}

/// The text that is signed, written out from the headers alone.
fn base(first_lines: &[(&str, &str)], headers: &HeaderMap, last_line: Option<(&str, &str)>) -> String {
    let text = |name: &str| headers[name].to_str().unwrap();
    let mut lines: Vec<String> =
        first_lines.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    for name in
        ["content-digest", "waybill-protocol", "waybill-sender", "waybill-recipient", "waybill-message-id"]
    {
        lines.push(format!("\"{name}\": {}", text(name)));
    }
    lines.extend(last_line.map(|(identifier, value)| format!("{identifier}: {value}")));
    let params = text("signature-input").strip_prefix("waybill=").unwrap();
    lines.push(format!("\"@signature-params\": {params}"));
    lines.join("\n")
}

fn describe_headers(headers: &HeaderMap) -> Value {
    headers.iter().map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap()))).collect::<Value>()
}

fn make() -> Value {
    let message_id = Uuid::from_bytes([0x55; 16]);
    let question_context = SealContext {
        version: ProtocolVersion::CURRENT,
        message: MessageType::Accounts,
        part: Part::Request,
        sender: ASKER,
        recipient: ASKED,
        message_id,
        verification: None,
    };
    let asked_pair = EncryptionKeyPair::generate(&Repeated(0x33));
    let reply_pair = EncryptionKeyPair::generate(&Repeated(0x44));

    let question = json!({"version": "1.0", "ivms101": {"beneficiary": {"accountNumber": ["0x5811001506550d8356a215be229c15b6ef371a9b"]}}});
    let (question_sealed, question_described) = sealed(&question_context, &asked_pair, &question, 0x66);
    let body = json!({
        "keyType": "PerVasp", "symbol": "ETH", "network": "Ethereum",
        "replyKey": {"keyId": reply_pair.public.key_id(), "publicKey": reply_pair.public.to_string()},
        "sealed": question_sealed,
    });
    serde_json::from_value::<AccountsRequest>(body.clone()).unwrap();
    let (body, path) = (body.to_string(), MessageType::Accounts.path());
    let parts =
        RequestParts { method: &Method::POST, path: &path, sender: ASKER, recipient: ASKED, message_id };
    let request = sign_request(&parts, body.as_bytes(), &identity(ASKER), now());
    verify_request(&Method::POST, &path, &request.headers, body.as_bytes(), find_key, now()).unwrap();
    let request_base = base(&[("@method", "POST"), ("@path", &path)], &request.headers, None);
    identity(ASKER).verifying_key().verify(request_base.as_bytes(), &request.exchange.signature).unwrap();

    let answer = json!({"accountVerificationResult": "VERIFIED", "verifiedAt": "2026-01-02T03:04:05.006Z"});
    let (answer_sealed, answer_described) = sealed(&question_context.response(), &reply_pair, &answer, 0x77);
    let answer_body = json!({"sealed": answer_sealed}).to_string();
    let bytes = answer_body.as_bytes();
    let headers = sign_response(&request.exchange, ASKED, StatusCode::OK, bytes, &identity(ASKED), now());
    verify_response(&request.exchange, StatusCode::OK, &headers, bytes, find_key, now()).unwrap();
    let request_signature = request.headers["signature"].to_str().unwrap().strip_prefix("waybill=").unwrap();
    let last_line = ("\"signature\";req;key=\"waybill\"", request_signature);
    let response_base = base(&[("@status", "200")], &headers, Some(last_line));

    json!({
        "about": "An account check between two nodes, from fixed seeds; see docs/PROTOCOL.md. Binary values are base64url \
                  without padding, those called associatedData and ephemeralSeed hexadecimal.",
        "suite": SUITE,
        "hpkeInfo": "waybill sealed box v1",
        "time": "2026-01-02T03:04:05.000Z",
        "identities": {"asker": describe_identity(ASKER), "asked": describe_identity(ASKED)},
        "question": question_described,
        "request": {
            "method": "POST", "path": path, "headers": describe_headers(&request.headers), "body": body,
            "signatureBase": request_base,
        },
        "answer": answer_described,
        "response": {
            "status": 200, "headers": describe_headers(&headers), "body": answer_body, "signatureBase": response_base,
        },
    })
}

#[test]
fn the_examples_are_up_to_date() {
    let made = serde_json::to_string_pretty(&make()).unwrap() + "\n";
    if std::env::var_os("WAYBILL_WRITE_VECTORS").is_some() {
        std::fs::write(FILE, &made).unwrap();
    }
    assert_eq!(made, std::fs::read_to_string(FILE).unwrap(), "a change here breaks other implementations");
}

#[test]
fn the_examples_can_be_checked_from_the_file_alone() {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    for (message, identity) in [("request", "asker"), ("response", "asked")] {
        let message = &file[message];
        let key = VerifyingKey::parse(file["identities"][identity]["publicKey"].as_str().unwrap()).unwrap();
        let signature = message["headers"]["signature"].as_str().unwrap();
        let signature = from_base64(signature.strip_prefix("waybill=:").unwrap().strip_suffix(':').unwrap());
        key.verify(message["signatureBase"].as_str().unwrap().as_bytes(), &signature).unwrap();
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}
