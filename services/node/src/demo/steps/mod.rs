//! The steps of the demo, a file for each. A step asserts what it shows: an error is a promise that was not kept.

mod account;
mod batch;
mod denial;
mod error;
mod history;
mod incoming;
mod inquiry;
mod members;
mod repeat;
mod risk;
mod transaction;
mod unknown;
mod verification;

use async_trait::async_trait;

use super::stage::Stage;

/// One step.
#[async_trait(?Send)]
pub trait Step: Sync {
    /// A few words.
    fn title(&self) -> &'static str;

    /// What happens and why, in one sentence or two.
    fn why(&self) -> &'static str;

    /// Does it, shows it, and checks it.
    async fn walk(&self, stage: &mut Stage) -> anyhow::Result<()>;
}

/// In the order in which a withdrawal goes.
pub const STEPS: [&dyn Step; 13] = [
    &members::Members,
    &account::Account,
    &verification::Verification,
    &risk::Risk,
    &repeat::Repeat,
    &denial::Denial,
    &history::History,
    &transaction::Transaction,
    &inquiry::Inquiry,
    &batch::Batch,
    &error::ErrorReport,
    &incoming::Incoming,
    &unknown::Unknown,
];
