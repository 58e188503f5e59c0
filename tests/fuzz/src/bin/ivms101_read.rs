//! Whatever JSON comes in: nothing panics, every refusal has a reason, and findings point at what is there.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use waybill_fuzz::{document, mutate, pointing_nowhere, today};
use waybill_ivms101::{
    Profile, Severity, check, first_fault, read_account_check, read_answer, read_person, read_verification,
};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

fuzz_target!(|bytes: &[u8]| {
    let Some(document) = document(bytes) else { return };
    for refused in [
        read_verification(&document, "payload.ivms101", today()).err(),
        read_account_check(&document, "payload.ivms101").err(),
        read_answer(&document, "ivms101").err(),
        read_person(&document, "").err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(refused.iter().any(|finding| finding.severity == Severity::Error));
        assert!(first_fault(&refused).is_some());
    }
    for profile in Profile::ALL {
        let findings = check(&document, *profile, today());
        assert!(pointing_nowhere(&document, &findings).is_empty());
    }
});
