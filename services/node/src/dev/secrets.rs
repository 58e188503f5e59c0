//! Keys and tokens of the two VASPs, made at the first start and kept.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use waybill_crypto::IdentityKey;
use waybill_runtime::SystemEntropy;

use crate::commands::generate::{callback_secret, encryption_key, random_text};

/// What one VASP keeps to itself.
pub struct Secrets {
    pub identity: IdentityKey,
    pub encryption_keys: SecretString,
    pub callback_secret: SecretString,
    pub backend_token: SecretString,
}

impl Secrets {
    /// Reads the file, or makes it.
    pub fn load_or_make(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            let fresh = json!({
                "identityKey": *IdentityKey::generate(&SystemEntropy).to_text(),
                "encryptionKeys": encryption_key("k1"),
                "callbackSecret": callback_secret(),
                "backendToken": random_text(),
            });
            write_private(path, format!("{fresh:#}\n").as_bytes())?;
        }
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::read(&text)
            .with_context(|| format!("{} is damaged; `waybill dev --fresh` begins anew", path.display()))
    }

    fn read(text: &[u8]) -> anyhow::Result<Self> {
        let json: Value = serde_json::from_slice(text).context("not JSON")?;
        let field = |name: &str| -> anyhow::Result<SecretString> {
            json[name].as_str().map(SecretString::from).with_context(|| format!("`{name}` is missing"))
        };
        Ok(Self {
            identity: IdentityKey::parse(field("identityKey")?.expose_secret())?,
            encryption_keys: field("encryptionKeys")?,
            callback_secret: field("callbackSecret")?,
            backend_token: field("backendToken")?,
        })
    }
}

/// What the vendors gave to their customers, of which the sandbox plays all.
pub struct VendorSecrets {
    pub kyt_key: SecretString,
    pub sanction_key: SecretString,
    pub world_check_key: SecretString,
    pub world_check_secret: SecretString,
}

impl VendorSecrets {
    /// Reads the file, or makes it.
    pub fn load_or_make(path: &Path) -> anyhow::Result<Self> {
        let names = ["chainalysisKytKey", "chainalysisSanctionKey", "worldCheckKey", "worldCheckSecret"];
        if !path.exists() {
            let fresh: serde_json::Map<_, _> =
                names.iter().map(|name| ((*name).to_owned(), json!(random_text()))).collect();
            write_private(path, format!("{:#}\n", Value::from(fresh)).as_bytes())?;
        }
        let damaged = || format!("{} is damaged; `waybill dev --fresh` begins anew", path.display());
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let json: Value = serde_json::from_slice(&text).with_context(damaged)?;
        let field = |name: &str| json[name].as_str().map(SecretString::from).with_context(damaged);
        Ok(Self {
            kyt_key: field(names[0])?,
            sanction_key: field(names[1])?,
            world_check_key: field(names[2])?,
            world_check_secret: field(names[3])?,
        })
    }
}

/// Reads a signing key, or makes it.
pub fn signing_key(path: &Path) -> anyhow::Result<IdentityKey> {
    if !path.exists() {
        write_private(path, IdentityKey::generate(&SystemEntropy).to_text().as_bytes())?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    IdentityKey::parse(text.trim())
        .with_context(|| format!("{} is damaged; `waybill dev --fresh` begins anew", path.display()))
}

/// Writes a file that nobody else may read, whole or not at all.
pub fn write_private(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    let half = path.with_extension("part");
    let write = || -> std::io::Result<()> {
        let mut file =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
        file.write_all(contents)?;
        file.sync_all()?;
        std::fs::rename(&half, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
