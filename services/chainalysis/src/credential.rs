//! The key that a vendor knows us by.

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use waybill_vendors::credential_id;

/// A key, and the name under which records speak of it.
#[derive(Clone)]
pub(crate) struct Credential {
    /// Tells nothing of the key.
    pub id: String,
    /// Never shown by logs.
    pub header: HeaderValue,
}

impl Credential {
    /// None when it is a key that no header can carry.
    pub(crate) fn of(key: &SecretString) -> Option<Self> {
        let key = key.expose_secret().trim();
        let mut header = HeaderValue::from_str(key).ok().filter(|_| !key.is_empty())?;
        header.set_sensitive(true);
        Some(Self { id: credential_id(key), header })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let credential = Credential::of(&"k3y-of-ours".into()).unwrap();
        assert!(!format!("{:?}", credential.header).contains("k3y"));
        assert!(!credential.id.contains("k3y"));
    }

    #[test]
    fn what_no_header_carries_is_no_key() {
        for key in ["", " ", "a\nb", "a\u{0}"] {
            assert!(Credential::of(&key.into()).is_none(), "{key:?}");
        }
    }
}
