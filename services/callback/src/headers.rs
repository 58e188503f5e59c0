//! The headers of a delivery: who we are, which callback it is, and that it is from us (Standard Webhooks 1.0).

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use waybill_crypto::{WebhookSecretError, WebhookSecrets};
use waybill_domain::Timestamp;
use waybill_runtime::settings::{BackendSettings, BackendTokenError, CallbackSettings};

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// Settings that make no header. Never repeats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadersError {
    /// `backend.authorization_header` or `backend.authorization_token`.
    #[error(transparent)]
    Authorization(#[from] BackendTokenError),
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
        Ok(Self { authorization: backend.token_header()?, secrets })
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
    fn the_token_goes_along() {
        let own = headers("X-Enclave-Token", "t0ken", &[]).unwrap();
        assert_eq!(own["x-enclave-token"], "t0ken");
        assert!(!format!("{own:?}").contains("t0ken"));
        let error = headers("X-Enclave-Token", "to\nken", &[]).unwrap_err();
        assert_eq!(error, HeadersError::Authorization(BackendTokenError));
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
    fn secrets_that_cannot_sign_are_refused() {
        assert!(matches!(headers("Authorization", "", &["secret"]), Err(HeadersError::Secrets(_))));
    }
}
