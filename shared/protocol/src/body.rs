//! Reading a body into its message, with a refusal that names what is wrong and repeats nothing of it.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use waybill_domain::{Fault, codes};

/// Bytes that a body may have: room for a payload of 40 KiB, sealed and encoded.
pub const MAX_BODY_BYTES: usize = 128 * 1024;

/// Levels of arrays and objects that a body may have; the deepest message has three.
const MAX_DEPTH: usize = 16;

/// Reads the JSON body of a message. Fields that are not known are ignored.
///
/// # Errors
/// `MALFORMED-JSON`, `NESTED-TOO-DEEPLY`, or `MISSING-X` / `INVALID-X` for the first field that does not fit.
pub fn parse_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    if depth(body) > MAX_DEPTH {
        return Err(codes::nested_too_deeply());
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => field_fault::<T>(body),
        Category::Syntax | Category::Eof | Category::Io => codes::malformed_json(),
    })
}

/// How deeply arrays and objects are nested; brackets in strings do not count.
fn depth(json: &[u8]) -> usize {
    let (mut open, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Reads once more, slower, keeping track of the path.
fn field_fault<T: DeserializeOwned>(body: &[u8]) -> Fault {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut reader) else {
        return codes::malformed_json(); // something follows the value
    };
    let path = error.path().to_string();
    match missing_field(&error.into_inner().to_string()) {
        Some(field) if path == "." => Fault::missing(field),
        Some(field) => Fault::missing(&format!("{path}.{field}")),
        None if path == "." => codes::malformed_json(), // valid JSON, and no object
        None => Fault::invalid(&path),
    }
}

/// The field that the library misses. The name is one of ours, not the sender's.
fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split_once('`').map(|(field, _)| field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{KeysRequest, VerificationsRequest};

    fn fault(body: &str) -> String {
        let fault = parse_body::<VerificationsRequest>(body.as_bytes()).unwrap_err();
        assert!(!fault.message.contains("Taylor"), "{fault}");
        fault.to_string()
    }

    #[test]
    fn fields_that_are_not_known_are_ignored() {
        let request: KeysRequest = parse_body(br#"{"later": {"x": [1]}, "keyType": "PerVasp"}"#).unwrap();
        assert_eq!(request.address, None);
    }

    #[test]
    fn faults_name_the_field_and_repeat_no_value() {
        let uuid = r#""verificationUuid":"6e1f2e4c-7a68-4b8b-9d2a-0f5b7f3f2f11""#;
        assert_eq!(fault("{}"), "MISSING-VERIFICATION-UUID: `verificationUuid` is required.");
        assert_eq!(
            fault(r#"{"verificationUuid":"Taylor"}"#),
            "INVALID-VERIFICATION-UUID: `verificationUuid` is invalid value."
        );
        assert_eq!(
            fault(&format!("{{{uuid},\"keyType\":\"Taylor\"}}")),
            "INVALID-KEY-TYPE: `keyType` is invalid value."
        );
        assert_eq!(
            fault(&format!("{{{uuid},\"assetInfo\":{{\"symbol\":\"ETH\",\"amount\":1}}}}")),
            "INVALID-AMOUNT: `assetInfo.amount` is invalid value."
        );
        assert_eq!(
            fault(&format!("{{{uuid},\"assetInfo\":{{\"symbol\":\"ETH\"}}}}")),
            "MISSING-AMOUNT: `assetInfo.amount` is required."
        );
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for body in ["", "{", "[]", "\"Taylor\"", "{\"a\":}", "nonsense"] {
            assert!(fault(body).starts_with("MALFORMED-JSON"), "{body}: {}", fault(body));
        }
    }

    #[test]
    fn deep_bodies_are_refused_before_they_are_read() {
        let nested =
            |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(fault(&nested(16)).starts_with("MISSING-VERIFICATION-UUID"));
        assert!(fault(&nested(17)).starts_with("NESTED-TOO-DEEPLY"));
        assert_eq!(depth(br#"{"a": "[[[\"[[", "b": ["\\", {}]}"#), 3);
    }
}
