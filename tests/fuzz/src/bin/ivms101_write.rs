//! Whatever could be read: what a writer makes of it loses nothing more when it is read and written again, and the
//! dialect's own reader has nothing against its shape.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use waybill_fuzz::{document, mutate};
use waybill_ivms101::write::{Target, convert};
use waybill_ivms101::{Severity, read, read_json};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

fuzz_target!(|bytes: &[u8]| {
    // From text, too: fields that stand twice are looked at there.
    let from_text = read_json(bytes);
    let Some(json) = document(bytes) else { return };
    assert!(from_text.is_ok(), "read from a value and not from its text");
    let read_once = read(&json);
    if read_once.is_empty() {
        // Nobody converts that: its unknown fields could be taken for a wrapping.
        return;
    }
    for target in Target::ALL {
        let once = convert(&read_once.payload, *target);
        let again = read(&once.document);
        assert!(again.findings.iter().all(|finding| finding.severity == Severity::Warning));
        let twice = convert(&again.payload, *target);
        assert!(twice.losses.is_empty());
        assert_eq!(twice.document, once.document);
    }
});
