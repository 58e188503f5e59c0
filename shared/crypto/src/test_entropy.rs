//! Predictable randomness for the tests of this crate.

use std::sync::atomic::{AtomicU8, Ordering};

use waybill_domain::Entropy;

/// Counts upwards, so that no two fills are alike.
#[derive(Default)]
pub(crate) struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Always the same bytes, from the beginning: for known-answer tests.
pub(crate) struct Fixed<'a>(pub &'a [u8]);

impl Entropy for Fixed<'_> {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&self.0[..buffer.len()]);
    }
}

/// Bytes from hexadecimal text.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd number of digits");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
