//! The two headers of a signature: what is signed and how, and the signature itself.

use http::HeaderMap;
use sfv::{InnerList, ListEntry, ListSerializer, Parameters};
use waybill_domain::{Timestamp, truncate_to_millis};

use super::{SIGNATURE_WINDOW, SignatureFault, envelope, fields};
use crate::headers::{SIGNATURE, SIGNATURE_INPUT};

/// Our label among the signatures of a message, and the purpose written into them.
const LABEL: &str = "waybill";

/// The member `waybill` of `signature-input`.
#[derive(Debug)]
pub(super) struct SignatureInput {
    pub created: Timestamp,
    pub key_id: String,
    /// The whole value as it is signed: components and parameters.
    pub text: String,
}

impl SignatureInput {
    /// What to sign with `key_id` at `created`; `covered` is a list of components such as `("@method" "@path")`.
    pub fn new(covered: &str, key_id: String, created: Timestamp) -> Self {
        let seconds = created.timestamp();
        let text = format!("{covered};created={seconds};keyid=\"{key_id}\";tag=\"{LABEL}\"");
        Self { created, key_id, text }
    }

    /// Reads it. The components must be exactly `covered`, in this order; other parameters may be there as well.
    pub fn read(headers: &HeaderMap, covered: &str) -> Result<Self, SignatureFault> {
        let unparsable = || SignatureFault::Unparsable(SIGNATURE_INPUT);
        let list = match fields::dictionary(headers, &SIGNATURE_INPUT)?.swap_remove(LABEL) {
            Some(ListEntry::InnerList(list)) => list,
            Some(ListEntry::Item(_)) => return Err(unparsable()),
            None => return Err(SignatureFault::Missing(SIGNATURE_INPUT)),
        };
        let components = InnerList::new(list.items.clone());
        let ours = text(&list.params, "tag") == Some(LABEL)
            && text(&list.params, "alg").is_none_or(|algorithm| algorithm == "ed25519")
            && serialize(&components) == covered;
        if !ours {
            return Err(SignatureFault::NotCovered);
        }
        let created =
            list.params.get("created").and_then(|value| value.as_integer()).ok_or_else(unparsable)?;
        let created = Timestamp::from_timestamp(created.into(), 0).ok_or_else(unparsable)?;
        let key_id = text(&list.params, "keyid").ok_or_else(unparsable)?.to_owned();
        Ok(Self { created, key_id, text: serialize(&list) })
    }

    /// Refuses what was made too long ago, or will be made in the future.
    pub fn check_age(&self, now: Timestamp) -> Result<(), SignatureFault> {
        if (now - self.created).abs() > SIGNATURE_WINDOW {
            let now = truncate_to_millis(now);
            return Err(SignatureFault::Stale { created: self.created, now });
        }
        Ok(())
    }

    /// Adds both headers.
    pub fn insert(&self, signature: &[u8], headers: &mut HeaderMap) {
        envelope::insert(headers, SIGNATURE_INPUT, &format!("{LABEL}={}", self.text));
        envelope::insert(headers, SIGNATURE, &format!("{LABEL}={}", byte_sequence(signature)));
    }
}

/// The member `waybill` of `signature`.
pub(super) fn read_signature(headers: &HeaderMap) -> Result<Vec<u8>, SignatureFault> {
    match fields::dictionary(headers, &SIGNATURE)?.swap_remove(LABEL) {
        Some(ListEntry::Item(item)) => {
            let bytes = item.bare_item.as_byte_sequence().map(<[u8]>::to_vec);
            bytes.ok_or(SignatureFault::Unparsable(SIGNATURE))
        }
        Some(ListEntry::InnerList(_)) => Err(SignatureFault::Unparsable(SIGNATURE)),
        None => Err(SignatureFault::Missing(SIGNATURE)),
    }
}

/// Bytes as a structured field: `:base64:`.
pub(super) fn byte_sequence(bytes: &[u8]) -> String {
    sfv::ItemSerializer::new().bare_item(bytes).finish()
}

fn text<'a>(params: &'a Parameters, name: &str) -> Option<&'a str> {
    params.get(name).and_then(|value| value.as_string()).map(|text| text.as_str())
}

fn serialize(list: &InnerList) -> String {
    let mut serializer = ListSerializer::new();
    let mut inner = serializer.inner_list();
    inner.items(&list.items);
    let _ = inner.finish().parameters(&list.params);
    serializer.finish().unwrap_or_default()
}
