//! Changes that leave JSON JSON: letters changed at random hardly ever do.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::Value;

use crate::mutations::{mutations, places};

/// Changes an input of `size` bytes in `data`, and gives its new size: mostly by something that happens to documents,
/// else as libFuzzer would. What is chosen follows from `seed` alone.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let changed =
        serde_json::from_slice(&data[..size]).ok().map(|document| change(document, seed).to_string());
    match changed {
        Some(json) if !seed.is_multiple_of(4) && json.len() <= max_size => {
            data[..json.len()].copy_from_slice(json.as_bytes());
            json.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

fn change(mut document: Value, seed: u32) -> Value {
    // Two choices out of one number.
    let (places, mutations) = (places(&document), mutations());
    let place = seed.wrapping_mul(0x9e37_79b1) >> 8;
    let place = &places[place as usize % places.len()];
    mutations[(seed >> 2) as usize % mutations.len()].happen(&mut document, place);
    document
}
