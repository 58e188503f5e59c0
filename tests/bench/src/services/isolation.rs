//! Ten counterparties, all of which answer, or one of which never does: what the other nine notice.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use waybill_crypto::IdentityKey;
use waybill_testkit::servers::ServerKind;
use waybill_testkit::{ChaosProxy, Program, SeededEntropy, TestFolder};
use waybill_tests::{ROBOT_ID, edit_directory};

use super::system::{Layout, Servers, System};
use crate::backends::{self, Callbacks};
use crate::load::{Outcome, closed_loop, open_loop};
use crate::nodes::{Nodes, Placed, program};
use crate::requests::verifying_with;
use crate::statistics::{listed, median};

/// Besides the robot.
const FURTHER: u64 = 9;
const PAIRS: usize = 10;
const ROUND: Duration = Duration::from_secs(8);
/// Ids of the further counterparties.
const FIRST_ID: u64 = 40_000_000_000_000_000;

pub async fn run() -> anyhow::Result<()> {
    let placed = Nodes::prepare().await;
    let callbacks = backends::serve(placed.address(300), &placed.folder).await?;
    let mut peers = Vec::new();
    for number in 0..FURTHER {
        peers.push(Peer::start(number, &placed).await?);
    }
    let line = ChaosProxy::start(peers[0].listener).await; // to the one that will not answer
    enlist(&placed.folder, &peers, line.address());
    let servers = tokio::task::spawn_blocking(|| Servers::start(ServerKind::Postgres)).await?;
    let system = System::start(placed, &servers, [Layout::each("ours"), Layout::one("robot")]).await?;
    let ingress = system.placed.address(117);

    let mut others: Vec<u64> = peers[1..].iter().map(|peer| peer.id).collect();
    others.push(ROBOT_ID.parse()?);
    let others = to_each(ingress, &callbacks, &others)?;
    let hung = to_each(ingress, &callbacks, &[peers[0].id])?;
    let most = closed_loop(32, Duration::from_secs(6), others.clone()).await?;
    ensure!(most.errors.is_empty(), "{}", most.line());
    let rate = most.rate() * 0.4;
    println!(
        "nine counterparties, 32 at a time {}; rounds at {rate:.0}/s, and a tenth of it to the tenth",
        most.line()
    );
    let mut ratios = Vec::new();
    for pair in 1..=PAIRS {
        let (mut answering, mut hanging) = (None, None);
        // By turns the one or the other first, so that neither has the growth of the database on its side.
        for hangs in if pair % 2 == 1 { [false, true] } else { [true, false] } {
            let outcome = round(hangs, rate, &line, &others, &hung).await?;
            *(if hangs { &mut hanging } else { &mut answering }) = Some(outcome);
        }
        let (answering, hanging) = (answering.context("a round")?, hanging.context("a round")?);
        println!("pair {pair:>2}, all answer                {}", answering.line());
        println!("pair {pair:>2}, the tenth never does      {}", hanging.line());
        ensure!(answering.errors.is_empty() && hanging.errors.is_empty(), "a round had errors");
        ratios.push(hanging.ms(0.99) / answering.ms(0.99));
    }
    let all = listed(&ratios);
    println!(
        "p99 of the nine, with against without one that hangs: median {:.2} times ({all})",
        median(&mut ratios)
    );
    system.stop().await;
    Ok(())
}

/// The load on the nine; meanwhile a tenth as much on the tenth, whatever becomes of it.
async fn round<F, W>(
    hangs: bool,
    rate: f64,
    line: &ChaosProxy,
    others: &F,
    hung: &F,
) -> anyhow::Result<Outcome>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    if hangs {
        line.stall();
    }
    let tenth = tokio::spawn(open_loop(rate / 10.0, ROUND, hung.clone()));
    let outcome = open_loop(rate, ROUND, others.clone()).await;
    line.restore();
    let tenth = tenth.await??; // they come through in the end
    ensure!(tenth.errors.is_empty(), "{}", tenth.line());
    outcome
}

type Verifying = Pin<Box<dyn Future<Output = anyhow::Result<Duration>> + Send>>;

/// Verifications to these counterparties in turn.
fn to_each(
    ingress: SocketAddr,
    callbacks: &Callbacks,
    ids: &[u64],
) -> anyhow::Result<impl Fn() -> Verifying + Clone + Send + use<>> {
    let each: anyhow::Result<Vec<_>> =
        ids.iter().map(|id| verifying_with(ingress, callbacks.clone(), &id.to_string())).collect();
    let (each, next) = (Arc::new(each?), Arc::new(AtomicUsize::new(0)));
    Ok(move || -> Verifying { each[next.fetch_add(1, Ordering::Relaxed) % each.len()]() })
}

/// A counterparty: a node in one process, with the robot's customers.
struct Peer {
    id: u64,
    identity: IdentityKey,
    listener: SocketAddr,
    _program: Program,
}

impl Peer {
    async fn start(number: u64, placed: &Placed) -> anyhow::Result<Self> {
        let id = FIRST_ID + number;
        let identity = IdentityKey::generate(&SeededEntropy::new(id));
        let offset = 40 + 2 * u16::try_from(number)?;
        let listener = placed.address(offset + 1);
        let folder = placed.folder.join(format!("peer-{number}"));
        let mut program = program("run", "robot", &placed.folder, None)
            .env("WAYBILL__NODE__VASP_ID", id.to_string())
            .env("WAYBILL__NODE__DATA_DIR", &folder)
            .env("WAYBILL__IDENTITY__KEY", &*identity.to_text())
            .env("WAYBILL__INGRESS__BIND", placed.address(offset).to_string())
            .env("WAYBILL__LISTENER__BIND", listener.to_string())
            .env("WAYBILL__DIRECTORY__REFRESH", "1s")
            .start();
        program.wait_for_line("ready", Duration::from_secs(30)).await;
        Ok(Self { id, identity, listener, _program: program })
    }
}

/// Makes them members; the first is reached over `line`.
fn enlist(folder: &TestFolder, peers: &[Peer], line: SocketAddr) {
    let state: &Path = &folder.join(".waybill");
    edit_directory(state, |members| {
        let robot = members.iter().find(|member| member["vaspId"] == ROBOT_ID).expect("a member").clone();
        for (number, peer) in peers.iter().enumerate() {
            members.push(entry(&robot, peer, if number == 0 { line } else { peer.listener }));
        }
    });
}

fn entry(robot: &Value, peer: &Peer, endpoint: SocketAddr) -> Value {
    let mut entry = robot.clone();
    entry["vaspId"] = json!(peer.id.to_string());
    entry["vaspName"] = json!(format!("Peer {}", peer.id));
    entry["endpoint"] = json!(format!("http://{endpoint}"));
    entry["identityKeys"][0]["keyId"] = json!(peer.identity.key_id());
    entry["identityKeys"][0]["publicKey"] = json!(peer.identity.verifying_key().to_string());
    entry
}
