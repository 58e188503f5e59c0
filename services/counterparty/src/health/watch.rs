//! Polls all members again and again; of several processes over one database, one does, and all show what it found.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use waybill_domain::VaspId;
use waybill_store::StoreError;
use waybill_store::tables::member_health::MemberHealth;
use waybill_store::tables::{leases, member_health};

use super::poll::poll;
use super::standing::after_poll;
use crate::peers::Peers;

const LEASE: &str = "member-health";
/// What a round takes besides waiting for members; a process that dies is followed by another one after its lease.
const SLACK: Duration = Duration::from_secs(2);
/// Polls at once.
const AT_ONCE: usize = 16;

/// Watches over the members until the shutdown.
pub(crate) async fn watch_members(peers: Peers) {
    let token = peers.ctx.request_id();
    let shutdown = peers.ctx.shutdown.clone();
    let pause = peers.ctx.settings.health.poll_interval;
    while !shutdown.is_requested() {
        let round = async {
            if let Err(error) = poll_if_leased(&peers, &token).await {
                tracing::warn!(%error, "the members' health is not known");
            }
            tokio::time::sleep(pause).await;
        };
        tokio::select! {
            () = round => {}
            () = shutdown.requested() => {}
        }
    }
    let given_back = peers
        .ctx
        .store
        .write("member_health::release", token, |tx, token| Box::pin(leases::release(tx, LEASE, token)));
    if let Err::<(), StoreError>(error) = given_back.await {
        tracing::debug!(%error, "the lease ends by itself");
    }
}

/// One round, unless somebody else does it: then what is known so far.
async fn poll_if_leased(peers: &Peers, token: &str) -> Result<(), StoreError> {
    let work = (token.to_owned(), lease_length(peers));
    let known = peers.ctx.store.write("member_health::lease", work, |tx, (token, length)| {
        Box::pin(async move {
            let ours = leases::acquire(tx, LEASE, token, *length).await?;
            Ok::<_, StoreError>((ours, member_health::all(tx).await?))
        })
    });
    match known.await? {
        (true, known) => poll_all(peers, known).await,
        (false, known) => {
            show(&known);
            Ok(())
        }
    }
}

async fn poll_all(peers: &Peers, known: Vec<MemberHealth>) -> Result<(), StoreError> {
    let known: HashMap<VaspId, MemberHealth> = known.into_iter().map(|it| (it.vasp_id, it)).collect();
    let directory = peers.ctx.directory.current();
    let members = directory.members().to_vec();
    let polls =
        stream::iter(members).map(|member| async move { (member.vasp_id, poll(peers, &member).await) });
    let polled: Vec<_> = polls.buffer_unordered(AT_ONCE).collect().await;
    let (now, settings) = (peers.ctx.clock.now(), &peers.ctx.settings.health);
    let standings = polled.into_iter().filter_map(|(id, answered)| {
        answered.map(|answered| after_poll(id, known.get(&id), answered, now, settings))
    });
    let standings: Vec<MemberHealth> = standings.collect();
    tell_changes(&known, &standings);
    show(&standings);
    let put = peers.ctx.store.write("member_health::put", standings, |tx, standings| {
        Box::pin(async move {
            for standing in standings {
                member_health::put(tx, standing).await?;
            }
            Ok(())
        })
    });
    put.await
}

/// In every process: whoever polled once and does not any more must not show for ever what it saw then.
fn show(standings: &[MemberHealth]) {
    for standing in standings {
        waybill_metrics::member(standing.vasp_id.to_string(), standing.up);
    }
}

fn tell_changes(known: &HashMap<VaspId, MemberHealth>, standings: &[MemberHealth]) {
    for standing in standings {
        let before = known.get(&standing.vasp_id).map(|it| it.up);
        if before != Some(standing.up) {
            let now = if standing.up { "UP" } else { "DOWN" };
            tracing::info!(peer = %standing.vasp_id, now, "the health of a member changed");
        }
    }
}

/// Longer than a pause and a round in which nobody answers, so that the same process goes on.
fn lease_length(peers: &Peers) -> Duration {
    let settings = &peers.ctx.settings.health;
    let members = peers.ctx.directory.current().members().len();
    let slowest = settings.timeout * u32::try_from(members.div_ceil(AT_ONCE)).unwrap_or(u32::MAX);
    2 * (settings.poll_interval + slowest) + SLACK
}
