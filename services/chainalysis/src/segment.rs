//! Text of others as one segment of a path.

use std::fmt::Write as _;

use url::Url;

/// `base` with further segments, each encoded so that nothing in it ends the segment: no slash, no query, no dots that
/// lead upwards. None for a segment that is nothing but dots, which no encoding protects.
pub(crate) fn with_segments(base: &Url, segments: &[&str]) -> Option<Url> {
    let mut path = base.path().trim_end_matches('/').to_owned();
    for segment in segments {
        if matches!(*segment, "" | "." | "..") {
            return None;
        }
        path.push('/');
        encode(segment, &mut path);
    }
    let mut url = base.clone();
    url.set_path(&path);
    Some(url)
}

/// RFC 3986: all but unreserved characters.
fn encode(segment: &str, path: &mut String) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}"); // a String takes everything
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(segments: &[&str]) -> Option<String> {
        let base = Url::parse("https://vendor.example/api/v1/").unwrap();
        with_segments(&base, segments).map(|url| url.to_string())
    }

    /// F34: no text leads to another path.
    #[test]
    fn a_segment_stays_one_segment() {
        for (segment, encoded) in [
            ("0xAb", "0xAb"),
            ("a/b", "a%2Fb"),
            ("../../admin", "..%2F..%2Fadmin"),
            ("a?x=1#y", "a%3Fx%3D1%23y"),
            ("a%2fb", "a%252fb"),
            ("é 🦀", "%C3%A9%20%F0%9F%A6%80"),
            ("a\r\nHost: x", "a%0D%0AHost%3A%20x"),
            ("a:b;c", "a%3Ab%3Bc"),
            ("%2e%2e", "%252e%252e"),
            ("a\\b", "a%5Cb"),
        ] {
            let expected = format!("https://vendor.example/api/v1/address/{encoded}");
            assert_eq!(path(&["address", segment]), Some(expected), "{segment}");
        }
        for dots in ["", ".", ".."] {
            assert_eq!(path(&["address", dots]), None, "{dots:?}");
        }
    }
}
