//! Randomness that repeats itself.

use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use waybill_domain::{Entropy, SharedEntropy};

/// Randomness for tests: the same seed gives the same bytes. Clones draw from one stream.
#[derive(Debug, Clone)]
pub struct SeededEntropy {
    stream: Arc<Mutex<ChaCha20Rng>>,
}

impl SeededEntropy {
    /// Starts the stream of this seed (ChaCha20).
    pub fn new(seed: u64) -> Self {
        Self { stream: Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))) }
    }

    /// The same stream in the form that production code takes.
    pub fn shared(&self) -> SharedEntropy {
        Arc::new(self.clone())
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(entropy: &dyn Entropy) -> [u8; 16] {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        bytes
    }

    #[test]
    fn a_seed_repeats_and_a_stream_does_not() {
        let one = SeededEntropy::new(7);
        let first = draw(&one);
        assert_ne!(first, draw(&one.clone()), "a clone goes on in the same stream");
        assert_eq!(first, draw(&SeededEntropy::new(7)));
        assert_ne!(first, draw(&SeededEntropy::new(8)));
    }
}
