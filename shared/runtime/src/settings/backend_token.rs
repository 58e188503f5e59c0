//! How the backend knows us.

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;

use super::BackendSettings;

/// `backend.authorization_header` or `backend.authorization_token` makes no header. Never repeats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the backend's token does not fit into an HTTP header")]
pub struct BackendTokenError;

impl BackendSettings {
    /// The header that goes with every call to the backend, where a token is set: a bearer token in `Authorization`,
    /// the bare token in any other header. Its value is marked as sensitive.
    ///
    /// # Errors
    /// [`BackendTokenError`].
    pub fn token_header(&self) -> Result<Option<(HeaderName, HeaderValue)>, BackendTokenError> {
        let Some(token) = &self.authorization_token else { return Ok(None) };
        let name: HeaderName = self.authorization_header.parse().map_err(|_| BackendTokenError)?;
        let value = match name {
            AUTHORIZATION => HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())),
            _ => HeaderValue::from_str(token.expose_secret()),
        };
        let mut value = value.map_err(|_| BackendTokenError)?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, token: &str) -> Result<Option<(HeaderName, HeaderValue)>, BackendTokenError> {
        let authorization_token = (!token.is_empty()).then(|| token.into());
        let authorization_header = name.to_owned();
        let settings =
            BackendSettings { authorization_header, authorization_token, ..BackendSettings::default() };
        settings.token_header()
    }

    #[test]
    fn a_token_is_a_bearer_token_in_authorization_only() {
        let (name, value) = header("Authorization", "t0ken").unwrap().unwrap();
        assert_eq!((name, value.to_str().unwrap()), (AUTHORIZATION, "Bearer t0ken"));
        let (name, value) = header("X-Enclave-Token", "t0ken").unwrap().unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("x-enclave-token", "t0ken"));
        assert_eq!(header("Authorization", ""), Ok(None));
    }

    #[test]
    fn what_makes_no_header_is_refused_and_not_shown() {
        assert_eq!(header("Authorization", "to\nken"), Err(BackendTokenError));
        assert_eq!(header("a b", "token"), Err(BackendTokenError));
        assert!(!format!("{:?}", header("Authorization", "t0ken")).contains("t0ken"));
    }
}
