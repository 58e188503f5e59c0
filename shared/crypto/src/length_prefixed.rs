//! Several texts as one row of bytes that can be cut in one way only.

/// Each field in UTF-8 after its length (32 bits, big endian): the form of all associated data.
pub fn length_prefixed<T: AsRef<str>>(fields: &[T]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(fields.iter().map(|field| field.as_ref().len() + 4).sum());
    for field in fields.iter().map(AsRef::as_ref) {
        // A field of 4 GiB is out of reach; saturating keeps the function total.
        let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(field.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_as_documented() {
        assert_eq!(length_prefixed(&["ab", "", "é"]), b"\0\0\0\x02ab\0\0\0\0\0\0\0\x02\xc3\xa9");
    }

    #[test]
    fn shifted_borders_give_other_bytes() {
        assert_ne!(length_prefixed(&["ab", "c"]), length_prefixed(&["a", "bc"]));
        assert_ne!(length_prefixed(&["a"]), length_prefixed(&["a", ""]));
    }
}
