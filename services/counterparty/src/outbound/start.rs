//! Starts our side of the conversation.

use super::account_check::AccountCheck;
use super::expiry_notice::ExpiryNotifier;
use super::fetch_key::KeyFetcher;
use super::inquiry::Inquiry;
use super::report_error::ErrorReporter;
use super::report_transaction::TransactionReporter;
use super::verify::Verify;
use crate::peers::Peers;

/// Takes over the commands and requests that lead to other members. How many go to one member at a time is limited by
/// the HTTP client; of each kind this many are worked on at all.
pub(crate) fn start(peers: &Peers) {
    let (bus, workers) = (&peers.ctx.bus, peers.ctx.settings.peers.workers);
    let concurrency = u32::try_from(workers).unwrap_or(u32::MAX);
    bus.work(Verify { peers: peers.clone() }, concurrency);
    bus.work(TransactionReporter { peers: peers.clone() }, concurrency);
    bus.work(ErrorReporter { peers: peers.clone() }, concurrency);
    bus.work(ExpiryNotifier { peers: peers.clone() }, concurrency);
    bus.serve(AccountCheck { peers: peers.clone() }, workers);
    bus.serve(Inquiry { peers: peers.clone() }, workers);
    bus.serve(KeyFetcher { peers: peers.clone() }, workers);
}
