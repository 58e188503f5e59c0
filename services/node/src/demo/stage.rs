//! What every step is given, and what it leaves to later ones.

use anyhow::Context as _;
use serde_json::Value;
use uuid::Builder;
use waybill_domain::{SharedClock, SharedEntropy, Timestamp};
use waybill_egress::Egress;

use super::screen::Screen;
use super::wire::{Message, Wire};
use crate::dev::Ports;

/// The running system, the screen, and what earlier steps found out.
pub struct Stage {
    pub story: Story,
    pub screen: Screen,
    pub ports: Ports,
    pub egress: Egress,
    pub wire: Wire,
    pub clock: SharedClock,
    pub entropy: SharedEntropy,
    /// When the step began.
    pub since: Timestamp,
    /// What had passed between the nodes by then.
    pub mark: usize,
}

impl Stage {
    /// What happens from now on belongs to another step.
    pub fn next_step(&mut self) {
        self.since = self.clock.now();
        self.mark = self.wire.mark();
    }

    /// What has passed between the nodes in this step.
    pub fn messages(&self) -> Vec<Message> {
        self.wire.since(self.mark)
    }

    /// A text of random hexadecimal digits, such as an account or a transaction hash.
    pub fn random_hex<const BYTES: usize>(&self) -> String {
        let mut bytes = [0; BYTES];
        self.entropy.fill(&mut bytes);
        bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }

    pub fn random_uuid(&self) -> String {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

/// What later steps need of earlier ones.
#[derive(Default)]
pub struct Story {
    /// Our customer's account, another one in each run.
    pub account: String,
    pub idempotency_key: String,
    /// The verification that is followed to its end.
    pub verification: Option<String>,
    pub request: Value,
    pub tx_hash: String,
}

impl Story {
    /// The verification that the steps follow.
    pub fn verification(&self) -> anyhow::Result<String> {
        self.verification.clone().context("there is no verification yet")
    }
}
