//! Randomness is passed in, so that tests can seed it.

use std::convert::Infallible;
use std::sync::Arc;

use rand_core::{TryCryptoRng, TryRng};

/// Where random bytes come from. An implementation for production must be cryptographically strong.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// A random number below `bound`; 0 when `bound` is 0. Slightly biased, for jitter only.
    fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
    }
}

/// Randomness that tasks share.
pub type SharedEntropy = Arc<dyn Entropy>;

/// Lends an [`Entropy`] to libraries that want a `rand_core` generator.
pub struct EntropyRng<'a>(pub &'a dyn Entropy);

impl TryRng for EntropyRng<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl TryCryptoRng for EntropyRng<'_> {}
