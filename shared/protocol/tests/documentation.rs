//! The documentation for other implementations names what the code has.

use waybill_domain::codes::{CATALOGUE, Surface};
use waybill_protocol::messages::{MessageType, SUITE};
use waybill_protocol::{MAX_BODY_BYTES, headers};

const DOCUMENT: &str = include_str!("../../../docs/PROTOCOL.md");

#[test]
fn every_refusal_of_a_peer_is_documented_with_its_status() {
    for entry in CATALOGUE.iter().filter(|entry| entry.surface != Surface::Api) {
        let row = format!("| {} | `{}` |", entry.status, entry.code);
        assert!(DOCUMENT.contains(&row), "docs/PROTOCOL.md lacks the row {row}");
    }
}

#[test]
fn every_documented_refusal_exists() {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | `"));
    let codes =
        rows.filter(|(status, _)| status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()));
    for (status, rest) in codes {
        let code = rest.split('`').next().unwrap_or_default();
        let known = CATALOGUE.iter().any(|entry| entry.code == code && entry.status.to_string() == status);
        assert!(known || code.ends_with('…'), "docs/PROTOCOL.md has {status} {code}");
    }
}

#[test]
fn every_message_and_header_is_documented() {
    for message in MessageType::ALL {
        assert!(DOCUMENT.contains(&format!("### `{message}`")), "{message}");
    }
    for header in [
        headers::CONTENT_DIGEST,
        headers::PROTOCOL,
        headers::SENDER,
        headers::RECIPIENT,
        headers::MESSAGE_ID,
        headers::SIGNATURE_INPUT,
        headers::SIGNATURE,
    ] {
        assert!(DOCUMENT.contains(&format!("`{header}`")), "{header}");
    }
    assert!(DOCUMENT.contains(SUITE));
    assert!(DOCUMENT.contains(&format!("{} KiB", MAX_BODY_BYTES / 1024)));
}
