//! The document that an action works on.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use waybill_ivms101::{Document, MAX_BYTES, read_json};

/// Reads a document.
///
/// # Errors
/// When it cannot be read, is not JSON, or holds nothing of IVMS101.
pub fn read(file: &Path) -> anyhow::Result<Document> {
    let document = read_json(&bytes(file)?)?;
    anyhow::ensure!(!document.is_empty(), "the document holds nothing of IVMS101");
    Ok(document)
}

/// Reads a file, or standard input for `-`. Never holds more than a document may have, and a byte that says so.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        limited(std::io::stdin().lock()).context("cannot read standard input")
    } else {
        File::open(file).and_then(limited).with_context(|| format!("cannot read {}", file.display()))
    }
}

fn limited(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
