//! The gzip format without compression: stored blocks, which every reader knows.

/// Wraps bytes as RFC 1952 and RFC 1951 (section 3.2.4) say.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    const LARGEST_BLOCK: usize = 65_535;
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(LARGEST_BLOCK).peekable();
    if blocks.peek().is_none() {
        out.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = block.len() as u16; // at most LARGEST_BLOCK
        out.push(u8::from(blocks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&crc32(bytes).to_le_bytes());
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes()); // modulo 2^32, as the format wants
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_checksum_is_right() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn one_stored_block_holds_a_short_text() {
        let packed = gzip(b"{}");
        assert_eq!(packed[10..17], [1, 2, 0, 0xfd, 0xff, b'{', b'}']);
        assert_eq!(packed.len(), 10 + 5 + 2 + 8);
    }
}
