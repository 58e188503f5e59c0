//! `waybill directory sign | verify`.

use std::path::Path;

use anyhow::Context as _;
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_directory::{DirectoryError, Document, verify};
use waybill_domain::{Clock as _, format_time};
use waybill_runtime::SystemClock;

use super::table;
use crate::cli::DirectoryAction;

pub async fn run(action: DirectoryAction) -> anyhow::Result<()> {
    match action {
        DirectoryAction::Sign { members, key_file, out } => {
            let document: Document = serde_json::from_slice(&read(&members)?)
                .with_context(|| format!("{} is not a list of members", members.display()))?;
            let key = read(&key_file)?;
            let key = std::str::from_utf8(&key).context("the key file is not text")?;
            let key = IdentityKey::parse(secret_in(key)).with_context(|| key_file.display().to_string())?;
            std::fs::write(&out, waybill_directory::sign(&document, &key)?)
                .with_context(|| format!("cannot write {}", out.display()))?;
            println!("Signed version {} with key {} into {}.", document.version, key.key_id(), out.display());
            Ok(())
        }
        DirectoryAction::Verify { file, trust_root } => check(&file, &trust_root),
    }
}

fn check(file: &Path, trust_root: &str) -> anyhow::Result<()> {
    let trust_root = VerifyingKey::parse(trust_root).context("--trust-root")?;
    let directory = match verify(&read(file)?, &trust_root, SystemClock.now(), 0) {
        Ok(directory) => directory,
        Err(DirectoryError::Expired(directory)) => {
            anyhow::bail!(
                "the document is well signed and expired on {}",
                format_time(directory.expires_at())
            )
        }
        Err(error) => return Err(error).with_context(|| file.display().to_string()),
    };
    println!("Version {}, good until {}.", directory.version(), format_time(directory.expires_at()));
    let rows: Vec<_> = directory
        .members()
        .iter()
        .map(|member| {
            let active = if member.active { "yes" } else { "no" };
            [
                member.vasp_id.to_string(),
                member.vasp_name.clone(),
                active.to_owned(),
                member.endpoint.to_string(),
            ]
        })
        .collect();
    table::print(["VASP id", "name", "active", "endpoint"], &rows);
    Ok(())
}

/// The key in a file: the secret line of what `waybill generate` prints, or the bare key.
fn secret_in(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("secret:")).unwrap_or(text).trim()
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::secret_in;

    #[test]
    fn a_key_file_is_what_generate_prints_or_the_bare_key() {
        assert_eq!(secret_in("secret: abc\npublic: def\nkey id: ghi\n"), "abc");
        assert_eq!(secret_in("abc\n"), "abc");
    }
}
