//! `waybill generate`: keys and secrets for the settings.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use waybill_crypto::IdentityKey;
use waybill_domain::Entropy as _;
use waybill_runtime::SystemEntropy;

use crate::cli::Generated;

pub fn run(what: Generated) -> anyhow::Result<()> {
    match what {
        Generated::IdentityKey | Generated::DirectoryKey => {
            let key = IdentityKey::generate(&SystemEntropy);
            println!("secret: {}", *key.to_text());
            println!("public: {}", key.verifying_key());
            println!("key id: {}", key.key_id());
        }
        Generated::EncryptionKey => println!("{}", encryption_key("k1")),
        Generated::CallbackSecret => println!("{}", callback_secret()),
    }
    Ok(())
}

/// An entry for `encryption.keys`.
pub fn encryption_key(name: &str) -> String {
    format!("{name}:{}", STANDARD.encode(random()))
}

/// An entry for `callback.secrets`, in the form of Standard Webhooks.
pub fn callback_secret() -> String {
    format!("whsec_{}", STANDARD.encode(random()))
}

/// 32 random bytes as text, for tokens.
pub fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random())
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    SystemEntropy.fill(&mut bytes);
    bytes
}
