//! The signed directory of a state folder of `waybill dev`: reading it, changing it, and signing it well or badly.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_directory::sign;
use waybill_domain::VaspId;

/// Lets `change` edit the list of members below `state`, and signs it anew as the next version.
pub fn edit_directory(state: &Path, change: impl FnOnce(&mut Vec<Value>)) {
    let directory = SignedDirectory::of(state);
    let mut document = directory.next();
    change(document["members"].as_array_mut().expect("the members are a list"));
    directory.publish(&document);
}

/// Where a signed directory lies.
#[derive(Debug, Clone)]
pub struct SignedDirectory {
    file: PathBuf,
    signing_key: PathBuf,
}

impl SignedDirectory {
    /// The one that both nodes below `state` read.
    pub fn of(state: &Path) -> Self {
        let operator = state.join("operator");
        Self { file: operator.join("directory.json"), signing_key: operator.join("signing.key") }
    }

    /// Another file of the same operator, with the same content for now.
    pub fn copied_to(&self, file: PathBuf) -> Self {
        std::fs::copy(&self.file, &file).expect("the directory can be copied");
        Self { file, ..self.clone() }
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What was signed.
    pub fn document(&self) -> Value {
        let envelope = std::fs::read(&self.file).expect("the directory is there");
        let envelope: Value = serde_json::from_slice(&envelope).expect("the envelope is JSON");
        let document = envelope["document"].as_str().expect("the envelope holds a document");
        let document = URL_SAFE_NO_PAD.decode(document).expect("the document is in base64url");
        serde_json::from_slice(&document).expect("the document is JSON")
    }

    /// The same, as the version after it.
    pub fn next(&self) -> Value {
        let mut document = self.document();
        document["version"] = json!(document["version"].as_u64().expect("versions are numbers") + 1);
        document
    }

    /// The key that the nodes trust.
    pub fn operator(&self) -> IdentityKey {
        let key = std::fs::read_to_string(&self.signing_key).expect("waybill dev wrote a signing key");
        IdentityKey::parse(key.trim()).expect("the signing key is one")
    }

    /// A document as it lies in a file, signed by somebody.
    pub fn signed(document: &Value, signer: &IdentityKey) -> String {
        let document = serde_json::from_value(document.clone()).expect("it has the form of a directory");
        sign(&document, signer).expect("it is consistent")
    }

    /// Signs a document as the operator and puts it into the place of the last one.
    pub fn publish(&self, document: &Value) {
        self.replace(Self::signed(document, &self.operator()));
    }

    /// Puts anything into the place of the directory, at once as a whole.
    pub fn replace(&self, content: impl AsRef<[u8]>) {
        let half = self.file.with_extension("half");
        std::fs::write(&half, content).expect("it can be written");
        std::fs::rename(half, &self.file).expect("it can be put in place");
    }

    /// The first identity key of a member.
    pub fn identity_key(&self, vasp_id: VaspId) -> VerifyingKey {
        let document = self.document();
        let members = document["members"].as_array().expect("the members are a list");
        let member = members.iter().find(|member| member["vaspId"] == vasp_id.to_string());
        let key = member.expect("it is a member")["identityKeys"][0]["publicKey"].as_str();
        VerifyingKey::parse(key.expect("members have keys")).expect("keys are well-formed")
    }
}
