//! The signature base: the text that is signed (RFC 9421, section 2.5).

/// Collects the lines of a signature base.
#[derive(Default)]
pub(super) struct SignatureBase(String);

impl SignatureBase {
    /// Adds a covered component: its identifier as in `signature-input` (with quotes and parameters), and its value.
    pub(super) fn line(&mut self, identifier: &str, value: &str) {
        self.0.push_str(identifier);
        self.0.push_str(": ");
        self.0.push_str(value);
        self.0.push('\n');
    }

    /// Closes the base with the signature's own parameters.
    pub(super) fn finish(mut self, params: &str) -> Vec<u8> {
        self.0.push_str("\"@signature-params\": ");
        self.0.push_str(params);
        self.0.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use waybill_crypto::IdentityKey;

    use super::*;

    /// RFC 9421, appendix B.2.6, with the key of B.1.4.
    #[test]
    fn rfc_9421_ed25519_known_answer() {
        let params = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")\
                      ;created=1618884473;keyid=\"test-key-ed25519\"";
        let mut base = SignatureBase::default();
        for (identifier, value) in [
            ("\"date\"", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("\"@method\"", "POST"),
            ("\"@path\"", "/foo"),
            ("\"@authority\"", "example.com"),
            ("\"content-type\"", "application/json"),
            ("\"content-length\"", "18"),
        ] {
            base.line(identifier, value);
        }
        let base = base.finish(params);
        let expected_base = format!(
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n\
             \"content-type\": application/json\n\"content-length\": 18\n\"@signature-params\": {params}"
        );
        assert_eq!(String::from_utf8(base.clone()).unwrap(), expected_base);

        let key = IdentityKey::parse("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU").unwrap();
        assert_eq!(key.verifying_key().to_string(), "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs");
        let signature =
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
        assert_eq!(STANDARD.encode(key.sign(&base)), signature);
        assert_eq!(key.verifying_key().verify(&base, &STANDARD.decode(signature).unwrap()), Ok(()));
    }
}
