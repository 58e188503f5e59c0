//! Ids in the vendors' shapes. They follow from content and time, so that a test can foresee them.

use sha2::{Digest, Sha256};
use waybill_domain::Timestamp;

/// 100-nanosecond steps from 1582-10-15, where the time of a version 1 UUID begins, to 1970.
const GREGORIAN_OFFSET: u64 = 0x01B2_1DD2_1381_4000;

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A UUID with the version and variant of a name-based one (version 3). The same text gives the same id. The vendor
/// hashes otherwise; only the shape is the same.
pub(super) fn name_based(text: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(text)[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x30;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    hyphenated(bytes)
}

/// A version 1 UUID of that time; the text decides node and clock sequence.
pub(super) fn time_based(at: Timestamp, text: &str) -> String {
    let micros = u64::try_from(at.timestamp_micros()).unwrap_or(0);
    let time = GREGORIAN_OFFSET.wrapping_add(micros.wrapping_mul(10));
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&((time & 0xffff_ffff) as u32).to_be_bytes());
    bytes[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
    bytes[6..8].copy_from_slice(&((time >> 48) as u16 & 0x0fff | 0x1000).to_be_bytes());
    bytes[8..].copy_from_slice(&digest(text)[..8]);
    bytes[8] = bytes[8] & 0x3f | 0x80;
    hyphenated(bytes)
}

/// Letters and digits as in World-Check's ids.
pub(super) fn base36(text: &str, length: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    digest(text).iter().cycle().take(length).map(|byte| char::from(DIGITS[usize::from(*byte) % 36])).collect()
}

fn hyphenated(bytes: [u8; 16]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&at) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}"); // a String takes all
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_based_id_carries_its_time() {
        let at: Timestamp = "2023-05-18T12:39:45.255956Z".parse().unwrap();
        let id = time_based(at, "alert");
        assert!(id.starts_with("118b8cc8-f579-11ed-"), "as the vendor stamped that time: {id}");
        assert!("89ab".contains(&id[19..20]));
    }

    #[test]
    fn a_name_based_id_is_stable_and_of_version_3() {
        let id = name_based("a|b");
        assert_eq!(id, name_based("a|b"));
        assert_ne!(id, name_based("a|c"));
        assert_eq!((id.len(), &id[14..15]), (36, "3"));
        assert!("89ab".contains(&id[19..20]));
    }
}
