//! Real randomness. Everybody else is handed an [`Entropy`].

use std::sync::Arc;

use waybill_domain::{Entropy, SharedEntropy};

/// The randomness of the operating system, cryptographically strong.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl SystemEntropy {
    /// The randomness in the form that tasks share.
    pub fn shared() -> SharedEntropy {
        Arc::new(Self)
    }
}

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness comes from")]
    fn fill(&self, buffer: &mut [u8]) {
        // Cannot fail: the system's generator is ready before programs start. Without it nothing here is safe.
        getrandom::fill(buffer).expect("the operating system has randomness");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fills_differ() {
        let (mut one, mut two) = ([0; 32], [0; 32]);
        SystemEntropy.fill(&mut one);
        SystemEntropy.fill(&mut two);
        assert_ne!(one, two);
    }
}
