//! Changing the signed directory of a state folder of `waybill dev`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use waybill_crypto::IdentityKey;
use waybill_directory::sign;

/// Lets `change` edit the list of members below `state`, and signs it anew as the next version.
pub fn edit_directory(state: &Path, change: impl FnOnce(&mut Vec<Value>)) {
    let file = state.join("operator/directory.json");
    let envelope: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let document = URL_SAFE_NO_PAD.decode(envelope["document"].as_str().unwrap()).unwrap();
    let mut document: Value = serde_json::from_slice(&document).unwrap();
    document["version"] = json!(document["version"].as_u64().unwrap() + 1);
    change(document["members"].as_array_mut().unwrap());
    let key = std::fs::read_to_string(state.join("operator/signing.key")).unwrap();
    let key = IdentityKey::parse(key.trim()).unwrap();
    std::fs::write(file, sign(&serde_json::from_value(document).unwrap(), &key).unwrap()).unwrap();
}
