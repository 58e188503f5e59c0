//! When to look again at something that takes its time.

use std::time::Duration;

use waybill_domain::Entropy;

/// Soon at first, for results that take seconds; later for those that take hours.
pub const STEPS: [Duration; 9] = {
    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }
    [
        seconds(1),
        seconds(2),
        seconds(4),
        seconds(8),
        seconds(16),
        seconds(30),
        seconds(60),
        seconds(120),
        seconds(300),
    ]
};

/// How long to wait after so many looks (0: before the first), from a fifth less to a fifth more, so that what began
/// together does not stay together. The last step is repeated.
pub fn next_look(looks: u32, steps: &[Duration], entropy: &dyn Entropy) -> Duration {
    let at = usize::try_from(looks).unwrap_or(usize::MAX).min(steps.len().saturating_sub(1));
    spread(steps.get(at).copied().unwrap_or(STEPS[0]), entropy)
}

/// From a fifth less to a fifth more.
pub(crate) fn spread(length: Duration, entropy: &dyn Entropy) -> Duration {
    let permille = 800 + entropy.below(401);
    Duration::from_millis(
        u64::try_from(length.as_millis()).unwrap_or(u64::MAX / 2000).saturating_mul(permille) / 1000,
    )
}

#[cfg(test)]
mod tests {
    use waybill_testkit::SeededEntropy;

    use super::*;

    #[test]
    fn the_steps_are_walked_and_the_last_is_repeated() {
        let entropy = SeededEntropy::new(1).shared();
        for (looks, seconds) in [(0, 1), (1, 2), (4, 16), (8, 300), (9, 300), (u32::MAX, 300)] {
            let mut seen = Vec::new();
            for _ in 0..200 {
                seen.push(next_look(looks, &STEPS, &*entropy).as_millis());
            }
            let (least, most) = (*seen.iter().min().unwrap(), *seen.iter().max().unwrap());
            let middle = seconds * 1000;
            assert!(least >= middle * 4 / 5 && most <= middle * 6 / 5, "{looks}: {least} to {most}");
            assert!(most - least > middle / 5, "{looks}: spread, {least} to {most}");
        }
        assert!(next_look(3, &[], &*entropy) < Duration::from_secs(2), "without steps");
    }
}
