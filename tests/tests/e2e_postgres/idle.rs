//! What processes do to their database while nobody wants anything.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use waybill_testkit::servers::{Durability, Server, TestDatabase};
use waybill_testkit::{Program, eventually};
use waybill_tests::{Pair, SOON};

use crate::DATABASE;
use crate::suite::processes::{SERVICES, on_the_broker, stop};

const QUIET: Duration = Duration::from_secs(10);
/// Of ten processes together: each makes the server flush its log.
const MOST_PER_SECOND: f64 = 5.5;

/// Transactions that changed something so far, on the whole server.
fn changes(database: &TestDatabase) -> f64 {
    let next = database.query("SELECT pg_snapshot_xmax(pg_current_snapshot())");
    next.trim().parse().expect("a number")
}

async fn pass(time: Duration) {
    let since = Instant::now();
    eventually("time passes", 2 * time, async || (since.elapsed() >= time).then_some(())).await;
}

#[tokio::test]
async fn two_processes_of_each_service_leave_the_database_alone() {
    let private = tokio::task::spawn_blocking(|| Server::start_private(DATABASE.kind(), Durability::Process));
    let server = private.await.expect("a server of its own: everybody on it counts");
    let pair = on_the_broker(Pair::prepare_on(Some(&server)).await).await;
    let [api, listener] = [pair.ours.party.api.port(), pair.ours.party.listener.port()];
    let mut programs: Vec<Program> = Vec::new();
    for (name, number) in SERVICES.iter().flat_map(|name| [(name, 0), (name, 1)]) {
        let port = |base: u16| format!("127.0.0.1:{}", base + 10 * number);
        let folder = pair.state().join(format!("ours-{name}-{number}"));
        let command = pair.ours.command(name, &pair.folder).env("WAYBILL__NODE__DATA_DIR", folder);
        let command = command.env("WAYBILL__INGRESS__BIND", port(api));
        programs.push(command.env("WAYBILL__LISTENER__BIND", port(listener)).start());
    }
    join_all(programs.iter_mut().map(|program| program.wait_for_line("ready", SOON))).await;
    pass(Duration::from_secs(5)).await; // what follows a start

    let database = server.database();
    let before = changes(&database);
    pass(QUIET).await;
    let per_second = (changes(&database) - before) / QUIET.as_secs_f64();
    println!("{per_second:.1} changes per second");
    assert!(per_second <= MOST_PER_SECOND, "{per_second:.1} per second");
    join_all(programs.iter_mut().map(stop)).await;
}
