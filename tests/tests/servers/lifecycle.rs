//! The life of each program: it waits for its servers, says so, works, stops when it is asked to, and does not outlive a
//! part of itself.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::time::Instant;
use waybill_testkit::servers::{Broker, Durability, Server};
use waybill_testkit::{PortBlock, Program, ProgramBuilder, eventually, free_ports};
use waybill_tests::{Client, Pair, SOON};

use super::processes::{SERVICES, on_the_broker, prepared, service_with};
use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::one;

/// A process that waits has nothing to finish.
const PROMPT: Duration = Duration::from_secs(10);

/// Has a table of every metric.
const METRICS: &str = include_str!("../../../docs/OPERATIONS.md");

/// Every program of ours, with a port for operators, on servers that may be away.
struct Programs {
    programs: Vec<(&'static str, Program, Client)>,
    _ports: PortBlock,
}

impl Programs {
    fn start(pair: &Pair, broker: &str) -> Self {
        let ports = free_ports(24);
        let all = SERVICES.into_iter().chain(["run"]);
        let programs = all.zip(0..).map(|(name, number)| {
            let admin = Client::new(ports.base() + number);
            let port = |offset: u16| format!("127.0.0.1:{}", ports.base() + offset + number);
            let command = pair
                .ours
                .command(name, &pair.folder)
                .env("WAYBILL__NODE__DATA_DIR", pair.state().join(format!("life-of-{name}")))
                .env("WAYBILL__ADMIN__BIND", format!("127.0.0.1:{}", admin.port()))
                .env("WAYBILL__INGRESS__BIND", port(8))
                .env("WAYBILL__LISTENER__BIND", port(16))
                .env("WAYBILL__DATABASE__ACQUIRE_TIMEOUT", "1s")
                .env("WAYBILL__BUS__URL", broker);
            (name, command.start(), admin)
        });
        let programs = programs.collect();
        Self { programs, _ports: ports }
    }

    /// Waits until each says of itself what `is_so` looks for.
    async fn all(&mut self, what: &str, is_so: impl Fn(&Readiness) -> bool) {
        for (name, program, admin) in &mut self.programs {
            let mut last = None;
            eventually(&format!("{name} says: {what}"), 2 * SOON, async || {
                assert!(program.is_running(), "{name} ended: {}", program.stderr());
                let found = readiness(*admin).await;
                let so = found.as_ref().is_some_and(&is_so);
                last = found;
                so.then_some(())
            })
            .await;
            assert_eq!(admin.get("/livez").await.status, 200, "{name} is alive: {last:?}");
        }
    }
}

/// What `/readyz` says.
#[derive(Debug)]
struct Readiness {
    status: u16,
    body: Value,
}

impl Readiness {
    fn of(&self, check: &str) -> &str {
        self.body["checks"][check].as_str().unwrap_or_default()
    }
}

async fn readiness(admin: Client) -> Option<Readiness> {
    let answer = admin.try_get("/readyz").await.ok()?;
    let ready = Readiness { status: answer.status.as_u16(), body: answer.json() };
    assert_eq!(ready.status == 200, ready.body["ready"] == true, "{ready:?}");
    Some(ready)
}

async fn blocking<S: Send + Sync + 'static>(server: &Arc<S>, action: fn(&S)) {
    let server = Arc::clone(server);
    tokio::task::spawn_blocking(move || action(&server)).await.expect("the server does as it is told");
}

#[tokio::test]
async fn each_program_waits_for_its_servers_and_says_so() {
    let servers = tokio::task::spawn_blocking(|| {
        (Server::start_private(DATABASE.kind(), Durability::Process), Broker::start_private(""))
    });
    let (server, broker) = servers.await.expect("servers start");
    let (server, broker) = (Arc::new(server), Arc::new(broker));
    let pair = Pair::prepare_on(Some(&server)).await;
    blocking(&server, Server::stop).await;
    blocking(&broker, Broker::stop).await;

    let mut programs = Programs::start(&pair, broker.url());
    programs.all("no database", |it| it.status == 503 && !["", "ok"].contains(&it.of("database"))).await;
    blocking(&server, Server::start).await;
    programs.all("ready without a broker", |it| it.status == 200 && it.of("bus") != "ok").await;
    blocking(&broker, Broker::start).await;
    programs.all("ready", |it| it.status == 200 && it.of("bus") == "ok").await;
    blocking(&server, Server::stop).await;
    programs.all("no database any more", |it| it.status == 503 && it.of("database") != "ok").await;
    blocking(&server, Server::start).await;
    programs.all("ready again", |it| it.status == 200).await;
    for (_, program, admin) in &programs.programs {
        let figures = admin.get("/metrics").await;
        let figures = String::from_utf8_lossy(&figures.body).into_owned();
        for shown in figures.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
            let name = shown.split_whitespace().next().unwrap_or_default();
            assert!(METRICS.contains(&format!("| `{name}` |")), "{name} is not in the table of metrics");
        }
        for figure in ["waybill_database_up 1", "waybill_broker_up 1", "waybill_commands_waiting{"] {
            assert!(figures.contains(figure), "{figure}: {figures}\n{}", program.stderr());
        }
    }
    for (name, program, _) in &mut programs.programs {
        program.terminate();
        let ended = program.wait_for_exit(SOON).await;
        assert!(ended.success(), "{name} ended with {ended}: {}", program.stderr());
    }
    drop(pair); // before its server
}

#[tokio::test]
async fn a_program_that_waits_stops_at_once_when_it_is_asked_to() {
    let server = Arc::new(Server::start_private(DATABASE.kind(), Durability::Process));
    let pair = Pair::prepare_on(Some(&server)).await;
    blocking(&server, Server::stop).await;
    let nobody = free_ports(1);
    let broker = format!("amqp://guest:guest@127.0.0.1:{}/%2f", nobody.base());
    let mut programs = Programs::start(&pair, &broker);
    programs.all("no database", |it| it.status == 503).await;
    let asked = Instant::now();
    for (_, program, _) in &mut programs.programs {
        program.terminate();
    }
    for (name, program, _) in &mut programs.programs {
        let ended = program.wait_for_exit(SOON).await;
        assert!(ended.success(), "{name} ended with {ended}: {}", program.stderr());
    }
    assert!(asked.elapsed() < PROMPT, "{:?}", asked.elapsed());
    blocking(&server, Server::start).await; // for the databases to be dropped
    drop(pair);
}

#[tokio::test]
async fn a_program_ends_with_a_failure_when_a_part_of_it_dies() {
    let pair = prepared().await;
    let parts = [
        ("ingress", "private-API"),
        ("counterparty", "consumer-VERIFY"),
        ("keys", "lease-watch"),
        ("callback", "publisher"),
        ("relay", "retention"),
        ("run", "relay"),
    ];
    let start = |(service, part): (&'static str, &'static str)| {
        let folder = pair.state().join(format!("dying-{service}"));
        let command = pair.ours.command(service, &pair.folder).env("WAYBILL__NODE__DATA_DIR", folder);
        let (ports, command) = own_ports(command);
        let program = command.env("WAYBILL_FAILPOINT", format!("panic=task.{part}")).start();
        (service, part, program, ports)
    };
    let mut programs: Vec<_> = parts.into_iter().map(start).collect();
    for (service, part, program, _) in &mut programs {
        let ended = program.wait_for_exit(2 * SOON).await;
        let told = program.stderr();
        assert!(!ended.success(), "{service} without {part} ended well: {told}");
        let name = part.replace('-', " ");
        assert!(told.contains(&name) && told.contains("panicked"), "{service} does not name {name}: {told}");
    }
}

/// Ports that no other program of the test has.
fn own_ports(command: ProgramBuilder) -> (PortBlock, ProgramBuilder) {
    let ports = free_ports(2);
    let at = |offset: u16| format!("127.0.0.1:{}", ports.base() + offset);
    let command = command.env("WAYBILL__INGRESS__BIND", at(0)).env("WAYBILL__LISTENER__BIND", at(1));
    (ports, command)
}

#[tokio::test]
async fn each_program_drains_under_load_and_the_other_one_goes_on() {
    let mut pair = prepared().await;
    pair.robot.start(&pair.folder, &[]).await;
    let ports = free_ports(2);
    let [ingress, listener] = [0, 1].map(|offset| format!("127.0.0.1:{}", ports.base() + offset));
    let other = [("WAYBILL__INGRESS__BIND", &*ingress), ("WAYBILL__LISTENER__BIND", &*listener)];
    // Those that stay have the usual ports; those that are stopped have others.
    let (mut staying, mut leaving) = (Vec::new(), Vec::new());
    for name in SERVICES {
        staying.push(service_with(&pair.ours, &pair, name, 1, &[]).await);
        leaving.push(service_with(&pair.ours, &pair, name, 2, &other).await);
    }
    let (ours, there) = (pair.ours.party, Client::new(ports.base()));
    let withdrawals = async {
        let mut done = Vec::new();
        for round in 0..4 {
            done.extend(join_all((0..5).map(|number| one(ours, 5 * round + number))).await);
        }
        done
    };
    let stopping = async {
        for program in &mut leaving {
            there.try_get("/v1/verifications").await.ok(); // is answered or refused, not left hanging
            program.terminate();
            let ended = program.wait_for_exit(SOON).await;
            assert!(ended.success(), "{ended}: {}", program.stderr());
        }
    };
    let (withdrawals, ()) = tokio::join!(withdrawals, stopping);
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
    join_all(staying.iter_mut().map(super::processes::stop)).await;
    pair.robot.stop().await;
}

#[tokio::test]
async fn whoever_waits_for_tables_is_told_what_to_run() {
    let pair = on_the_broker(Pair::unmigrated(DATABASE.server()).await).await;
    let ports = free_ports(1);
    let admin = Client::new(ports.base());
    let bind = format!("127.0.0.1:{}", admin.port());
    let mut program = pair.ours.command("callback", &pair.folder).env("WAYBILL__ADMIN__BIND", bind).start();
    let told = eventually("it says what it waits for", SOON, async || {
        readiness(admin).await.filter(|it| it.of("schema").contains("migrate"))
    })
    .await;
    assert_eq!(told.status, 503);
    pair.ours.migrate(&pair.folder).await;
    program.wait_for_line("ready", SOON).await;
    super::processes::stop(&mut program).await;
}
