//! `waybill openapi`, and what a node describes of itself.

use std::io::Write as _;

use waybill_openapi::Webhook;

/// Prints the document that a running node serves at `/openapi.json`.
pub fn run() -> anyhow::Result<()> {
    let document = serde_json::to_string_pretty(&waybill_ingress::description(webhooks()))?;
    // Not `println!`: a reader that has seen enough and closes the pipe is an error to report, not a panic.
    writeln!(std::io::stdout(), "{document}")?;
    Ok(())
}

/// Every request that a node makes to its VASP's backend.
pub fn webhooks() -> Vec<Webhook> {
    let callbacks = waybill_callback::webhooks();
    callbacks.into_iter().chain(waybill_counterparty::backend::webhooks()).collect()
}
