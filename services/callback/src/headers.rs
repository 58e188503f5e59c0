//! The headers of a delivery: who we are, which callback it is, and that it is from us (Standard Webhooks 1.0).

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use waybill_crypto::{WebhookSecretError, WebhookSecrets};
use waybill_domain::Timestamp;
use waybill_runtime::settings::{BackendSettings, CallbackSettings};

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// Settings that make no header. Never repeats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadersError {
    /// `backend.authorization_header` or `backend.authorization_token`.
    #[error("the backend's token does not fit into an HTTP header")]
    Authorization,
    /// `callback.secrets`.
    #[error("callback.secrets cannot be used: {0}")]
    Secrets(#[from] WebhookSecretError),
}

/// What all deliveries have in common.
pub(crate) struct OwnHeaders {
    authorization: Option<(HeaderName, HeaderValue)>,
    secrets: Option<WebhookSecrets>,
}

impl OwnHeaders {
    pub(crate) fn of(backend: &BackendSettings, callback: &CallbackSettings) -> Result<Self, HeadersError> {
        let secrets: Vec<&str> = callback.secrets.iter().map(|secret| secret.expose_secret()).collect();
        let secrets = if secrets.is_empty() { None } else { Some(WebhookSecrets::parse(&secrets)?) };
        Ok(Self { authorization: authorization(backend)?, secrets })
    }

    /// The headers of one attempt; `None` when `id` cannot stand in a header.
    pub(crate) fn of_attempt(&self, id: &str, at: Timestamp, body: &[u8]) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(WEBHOOK_ID, HeaderValue::from_str(id).ok()?);
        headers.insert(WEBHOOK_TIMESTAMP, HeaderValue::from(at.timestamp()));
        if let Some(secrets) = &self.secrets {
            let signature = secrets.sign(id, at.timestamp(), body);
            headers.insert(WEBHOOK_SIGNATURE, HeaderValue::from_str(&signature).ok()?);
        }
        if let Some((name, value)) = &self.authorization {
            headers.insert(name, value.clone());
        }
        Some(headers)
    }
}

/// A bearer token in `Authorization`, the bare token in any other header.
fn authorization(backend: &BackendSettings) -> Result<Option<(HeaderName, HeaderValue)>, HeadersError> {
    let Some(token) = &backend.authorization_token else { return Ok(None) };
    let name: HeaderName = backend.authorization_header.parse().map_err(|_| HeadersError::Authorization)?;
    let value = match name {
        AUTHORIZATION => HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())),
        _ => HeaderValue::from_str(token.expose_secret()),
    };
    let mut value = value.map_err(|_| HeadersError::Authorization)?;
    value.set_sensitive(true);
    Ok(Some((name, value)))
}

#[cfg(test)]
mod tests {
    use waybill_domain::Clock as _;
    use waybill_testkit::MockClock;

    use super::*;

    const ONE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const TWO: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

    fn headers(header: &str, token: &str, secrets: &[&str]) -> Result<HeaderMap, HeadersError> {
        let backend = BackendSettings {
            authorization_header: header.to_owned(),
            authorization_token: (!token.is_empty()).then(|| token.into()),
            ..BackendSettings::default()
        };
        let secrets = secrets.iter().map(|secret| (*secret).into()).collect();
        let callback = CallbackSettings { secrets, ..CallbackSettings::default() };
        let own = OwnHeaders::of(&backend, &callback)?;
        Ok(own.of_attempt("msg_1", MockClock::default().now(), b"{}").unwrap())
    }

    #[test]
    fn a_token_is_a_bearer_token_in_authorization_only() {
        let own = headers("Authorization", "t0ken", &[]).unwrap();
        assert_eq!(own["authorization"], "Bearer t0ken");
        let own = headers("X-Enclave-Token", "t0ken", &[]).unwrap();
        assert_eq!(own["x-enclave-token"], "t0ken");
        assert!(!own.contains_key("authorization"));
        assert!(!headers("Authorization", "", &[]).unwrap().contains_key("authorization"));
    }

    #[test]
    fn each_secret_signs() {
        let none = headers("Authorization", "", &[]).unwrap();
        assert_eq!(
            (&none["webhook-id"], &none["webhook-timestamp"]),
            (&HeaderValue::from_static("msg_1"), &HeaderValue::from_static("1767323045"))
        );
        assert!(!none.contains_key("webhook-signature"));
        let both = headers("Authorization", "", &[ONE, TWO]).unwrap();
        let expected = [ONE, TWO]
            .map(|secret| WebhookSecrets::parse(&[secret]).unwrap().sign("msg_1", 1_767_323_045, b"{}"));
        assert_eq!(both["webhook-signature"], expected.join(" "));
    }

    #[test]
    fn what_makes_no_header_is_refused_and_not_shown() {
        assert_eq!(headers("Authorization", "to\nken", &[]).unwrap_err(), HeadersError::Authorization);
        assert_eq!(headers("a b", "token", &[]).unwrap_err(), HeadersError::Authorization);
        assert!(matches!(headers("Authorization", "", &["secret"]), Err(HeadersError::Secrets(_))));
        assert!(!format!("{:?}", headers("Authorization", "t0ken", &[]).unwrap()).contains("t0ken"));
    }
}
