//! The endpoint that makes keys from what stands in their place: `POST {"inputKey"}` → `{"outputKey"}`.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use url::Url;
use waybill_crypto::{Keyring, KeyringEntries, KeyringEntry, KeyringError};
use waybill_egress::{Answer, Call, Egress, EgressClass, EgressError};
use zeroize::Zeroizing;

use super::{AtRestError, DecryptFault};

const DESTINATION: &str = "decrypt";
/// 32 bytes in base64 and what JSON puts round them, many times over.
const MOST_BYTES: usize = 4096;
/// Waits between tries: a key service that restarts together with the node is back within seconds.
const WAITS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// Asks the endpoint, and remembers its answers.
pub(super) struct Decrypter {
    pub egress: Egress,
    pub url: Url,
    pub timeout: Duration,
    pub token: Option<(HeaderName, HeaderValue)>,
    /// What was given for each entry, so that a changed file costs one call for each entry that changed.
    pub known: Vec<(KeyringEntry, Zeroizing<String>)>,
}

impl Decrypter {
    /// The ring that the entries stand for.
    ///
    /// # Errors
    /// [`AtRestError::Decrypt`] for the first entry that gives no key.
    pub(super) async fn ring(&mut self, entries: &KeyringEntries) -> Result<Keyring, AtRestError> {
        let mut keys = Vec::new();
        for entry in entries.entries() {
            let key = match self.known.iter().find(|(known, _)| known == entry) {
                Some((_, key)) => key.clone(),
                None => self.ask(entry).await?,
            };
            self.known.retain(|(known, _)| known.name != entry.name);
            self.known.push((entry.clone(), key.clone()));
            keys.push(KeyringEntry { name: entry.name.clone(), key });
        }
        self.known.retain(|(known, _)| entries.names().any(|name| name == known.name));
        let ring = KeyringEntries::new(keys).and_then(KeyringEntries::into_keyring);
        ring.map_err(|why| AtRestError::Unusable { place: "encryption.decrypt_url".to_owned(), why })
    }

    async fn ask(&self, entry: &KeyringEntry) -> Result<Zeroizing<String>, AtRestError> {
        let failed = |why| AtRestError::Decrypt { key: entry.name.clone(), why };
        let mut waits = WAITS.iter();
        loop {
            let why = match self.egress.send(self.call(entry)).await {
                Ok(answer) if worth_another_try(&answer) => DecryptFault::Status(answer.status.as_u16()),
                Ok(answer) => return key_in(&answer).map_err(failed),
                Err(error) if error.is_transient() => unreachable(&error),
                Err(error) => return Err(failed(unreachable(&error))),
            };
            let Some(wait) = waits.next() else { return Err(failed(why)) };
            tokio::time::sleep(*wait).await;
        }
    }

    fn call(&self, entry: &KeyringEntry) -> Call {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(self.token.clone());
        Call {
            class: EgressClass::Operator,
            destination: DESTINATION.to_owned(),
            method: http::Method::POST,
            url: self.url.clone(),
            headers,
            body: Bytes::from(json!({"inputKey": entry.key.as_str()}).to_string()),
            timeout: self.timeout,
            max_answer_bytes: MOST_BYTES,
            concurrency: None,
            sign_of_life: None,
        }
    }
}

fn unreachable(error: &EgressError) -> DecryptFault {
    DecryptFault::Unreachable(error.to_string())
}

fn worth_another_try(answer: &Answer) -> bool {
    answer.status.is_server_error() || answer.status.as_u16() == 429
}

/// The key in an answer, in base64; one that is not 32 bytes is no key.
fn key_in(answer: &Answer) -> Result<Zeroizing<String>, DecryptFault> {
    if answer.status != http::StatusCode::OK {
        return Err(DecryptFault::Status(answer.status.as_u16()));
    }
    let value: Value = serde_json::from_slice(&answer.body).map_err(|_| DecryptFault::Shape)?;
    let key = value.get("outputKey").and_then(Value::as_str).ok_or(DecryptFault::Shape)?;
    let key = Zeroizing::new(key.to_owned());
    let alone = KeyringEntry { name: "k".to_owned(), key: key.clone() };
    match KeyringEntries::new(vec![alone]).and_then(KeyringEntries::into_keyring) {
        Ok(_) => Ok(key),
        Err(KeyringError::BadKey(_, why)) => Err(DecryptFault::Key(why)),
        Err(_) => Err(DecryptFault::Shape),
    }
}
