//! Reads a peer's refusal. Its text is the peer's own and goes no further; its code does, when it looks like one.

use std::time::Duration;

use http::StatusCode;
use waybill_domain::reason::UNDEFINED_ERROR;
use waybill_protocol::messages::Refusal;
use waybill_protocol::parse_body;

use super::PeerError;

const UNKNOWN_KEY: &str = "UNKNOWN-KEY";
const LONGEST_CODE: usize = 64;

/// What a signed refusal means.
pub(super) fn read_refusal(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> PeerError {
    let code = match parse_body::<Refusal>(body) {
        Ok(refusal) if is_code(&refusal.code) => refusal.code,
        _ => UNDEFINED_ERROR.to_owned(),
    };
    if status == StatusCode::CONFLICT && code == UNKNOWN_KEY {
        return PeerError::UnknownKey;
    }
    PeerError::Refused { status: status.as_u16(), code, retry_after }
}

fn is_code(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= LONGEST_CODE && text.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kept_and_texts_are_not() {
        for (status, body, code) in [
            (403, r#"{"code":"WRONG-RECIPIENT","message":"Taylor"}"#, "WRONG-RECIPIENT"),
            (400, r#"{"code":"Taylor Robbins","message":""}"#, "UNDEFINED-ERROR"),
            (404, "nonsense", "UNDEFINED-ERROR"),
            (400, r#"{"code":"","message":""}"#, "UNDEFINED-ERROR"),
            (404, r#"{"code":"UNKNOWN-KEY","message":""}"#, "UNKNOWN-KEY"),
        ] {
            let retry_after = Some(Duration::from_secs(9));
            let refused = PeerError::Refused { status, code: code.to_owned(), retry_after };
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(read_refusal(status, body.as_bytes(), retry_after), refused);
        }
        let unknown = r#"{"code":"UNKNOWN-KEY","message":"The encryption key is not known"}"#;
        assert_eq!(read_refusal(StatusCode::CONFLICT, unknown.as_bytes(), None), PeerError::UnknownKey);
    }
}
