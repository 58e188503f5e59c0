//! Whom TLS trusts.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::EgressSetupError;

/// TLS 1.2 and 1.3 with ring; the system's certificates and the extra ones; HTTP/2 preferred.
pub(crate) fn tls_settings(extra_roots_pem: &[u8]) -> Result<ClientConfig, EgressSetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut settings = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| EgressSetupError::Client(error.into()))?
        .with_root_certificates(roots(extra_roots_pem)?)
        .with_no_client_auth();
    settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(settings)
}

fn roots(extra_pem: &[u8]) -> Result<RootCertStore, EgressSetupError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in extra_certificates(extra_pem)? {
        roots.add(certificate).map_err(|_| EgressSetupError::Roots)?;
    }
    if roots.is_empty() {
        // A fresh machine can still call itself over plain http.
        tracing::warn!("the system has no trusted certificates: every https call will fail");
    }
    Ok(roots)
}

fn extra_certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, EgressSetupError> {
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|_| EgressSetupError::Roots)?;
    if found.is_empty() && !pem.is_empty() {
        return Err(EgressSetupError::Roots);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_roots_must_be_certificates() {
        assert!(tls_settings(b"").is_ok());
        let broken: &[u8] = b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
        for pem in [b"hello".as_slice(), broken] {
            assert!(matches!(tls_settings(pem), Err(EgressSetupError::Roots)));
        }
    }
}
