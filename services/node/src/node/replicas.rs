//! This process among those that share the database: its part of the limits, and destinations in trouble.

use tokio_util::sync::CancellationToken;
use waybill_context::{SharedContext, Shares};
use waybill_domain::Share;
use waybill_replicas::{Board, Roster};

use super::{Check, Part, Waiting};

/// This process on the list of those that share its limits.
pub struct Replicas {
    roster: Roster,
    node_id: String,
    left: CancellationToken,
}

/// Puts this process on the list and waits for its part of the limits. A file has one process at a time, which has
/// everything.
pub async fn join(
    ctx: &SharedContext,
    parts: &[Part],
    node_id: String,
    waiting: &Waiting,
) -> Option<Replicas> {
    ctx.settings.database.url.as_ref()?;
    waiting.set(Check::Bus, "the other processes make room for it".to_owned());
    let shares = parts.iter().filter_map(|part| Some((part.name(), share_of(*part, &ctx.shares)?)));
    let mut roster = Roster::new(&ctx.store, node_id.clone(), shares);
    if !roster.join().await {
        tracing::warn!(
            "not all parts of the limits are free yet: a process that does not answer has them, or the database is slow"
        );
    }
    Some(Replicas { roster, node_id, left: CancellationToken::new() })
}

/// The share of the limits that a service has, if there is any.
fn share_of(part: Part, shares: &Shares) -> Option<Share> {
    match part {
        Part::Ingress => Some(shares.ingress.clone()),
        Part::Counterparty => Some(shares.counterparty.clone()),
        Part::Callback => Some(shares.callback.clone()),
        // The limits of vendors are kept in the database.
        Part::Keys | Part::Chainalysis | Part::Refinitiv | Part::Relay => None,
    }
}

impl Replicas {
    /// Off the list again: the process does not start after all, and the others need not wait until it is taken for dead.
    pub async fn withdraw(self) {
        self.roster.leave().await;
    }

    /// Stays on the list until the token that is returned is cancelled: only then others may take this process's part.
    pub fn start(self, ctx: &SharedContext) -> CancellationToken {
        let Self { roster, node_id, left } = self;
        let board = Board::new(&ctx.store, node_id, super::egress_options(&ctx.settings).longest_pause());
        ctx.egress.share_breakers(board.clone());
        let (egress, stopped) = (ctx.egress.clone(), left.clone());
        ctx.tasks.spawn("breakers of all processes", async move {
            tokio::select! {
                () = board.work(egress) => {}
                () = stopped.cancelled() => {}
            }
        });
        let stopped = left.clone();
        ctx.tasks.spawn("list of processes", roster.stay_until(stopped.cancelled_owned()));
        left
    }
}
