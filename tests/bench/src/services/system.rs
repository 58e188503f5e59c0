//! The processes of both VASPs, with a database each on one server, and one broker.

use std::time::Duration;

use anyhow::Context as _;
use waybill_testkit::Program;
use waybill_testkit::servers::{Broker, Durability, Server, ServerKind, TestDatabase};

use crate::nodes::{Placed, program};

const PATIENCE: Duration = Duration::from_secs(60);
/// The services of a node, each a process.
pub const SERVICES: [&str; 5] = ["relay", "keys", "callback", "counterparty", "ingress"];

/// The servers, which outlive the processes.
pub struct Servers {
    pub database: Server,
    pub broker: Broker,
}

impl Servers {
    pub fn start(kind: ServerKind) -> Self {
        let database = Server::start_private(kind, Durability::Disk);
        Self { database, broker: Broker::start_private("") }
    }

    pub fn name(&self) -> &'static str {
        match self.database.kind() {
            ServerKind::Postgres => "PostgreSQL",
            ServerKind::MariaDb => "MariaDB",
        }
    }
}

/// One process.
pub struct Process {
    pub vasp: &'static str,
    pub service: &'static str,
    pub program: Program,
}

/// Both VASPs.
pub struct System {
    pub processes: Vec<Process>,
    pub placed: Placed,
    /// Ours, the robot's. After the processes.
    pub databases: [TestDatabase; 2],
}

/// The services of one VASP, and settings that all of its processes get.
pub struct Layout<'a> {
    pub vasp: &'static str,
    pub services: Vec<&'static str>,
    pub env: Vec<(&'a str, String)>,
}

impl Layout<'_> {
    /// Each service once.
    pub fn each(vasp: &'static str) -> Self {
        Self { vasp, services: SERVICES.to_vec(), env: Vec::new() }
    }

    /// Everything in one process.
    pub fn one(vasp: &'static str) -> Self {
        Self { vasp, services: vec!["run"], env: Vec::new() }
    }
}

impl System {
    /// Starts ours and the robot's, on fresh databases.
    pub async fn start(placed: Placed, servers: &Servers, layouts: [Layout<'_>; 2]) -> anyhow::Result<Self> {
        let databases = [servers.database.database(), servers.database.database()];
        let mut processes = Vec::new();
        for (layout, database) in layouts.iter().zip(&databases) {
            migrate(layout.vasp, &placed, database).await;
            for (number, service) in layout.services.iter().enumerate() {
                processes.push(process(layout, service, number, &placed, servers, database)?);
            }
        }
        for process in &mut processes {
            process.program.wait_for_line("ready", PATIENCE).await;
        }
        Ok(Self { processes, placed, databases })
    }

    /// Commits so far: flushes of the log of PostgreSQL, one for each commit while commits come one at a time; those that
    /// MariaDB counts.
    pub fn commits(&self) -> anyhow::Result<f64> {
        let [ours, _] = &self.databases;
        let told = match ours.kind() {
            ServerKind::Postgres => ours.query("SELECT wal_sync FROM pg_stat_wal"),
            ServerKind::MariaDb => ours.query("SHOW GLOBAL STATUS LIKE 'Com_commit'"),
        };
        Ok(told.split_whitespace().last().context("the database says nothing")?.parse()?)
    }

    /// Stops everything.
    pub async fn stop(mut self) -> Placed {
        for process in &mut self.processes {
            process.program.terminate();
        }
        for process in &mut self.processes {
            process.program.wait_for_exit(PATIENCE).await;
        }
        self.placed
    }
}

async fn migrate(vasp: &'static str, placed: &Placed, database: &TestDatabase) {
    let migrating = program("migrate", vasp, &placed.folder, Some(database.url()));
    let migrated = migrating.start().wait_for_exit(PATIENCE).await;
    assert!(migrated.success(), "waybill migrate: {migrated}");
}

fn process(
    layout: &Layout<'_>,
    service: &'static str,
    number: usize,
    placed: &Placed,
    servers: &Servers,
    database: &TestDatabase,
) -> anyhow::Result<Process> {
    let vasp = layout.vasp;
    let folder = placed.folder.join(format!("{vasp}-{number}")).display().to_string();
    let own = program(service, vasp, &placed.folder, Some(database.url()))
        .env("WAYBILL__NODE__DATA_DIR", folder)
        .env("WAYBILL__BUS__URL", servers.broker.url())
        .env("WAYBILL__BUS__PREFIX", format!("{vasp}-{}", database.name()));
    // The first of a service has the usual ports.
    let before = layout.services[..number].iter().filter(|other| **other == service).count();
    let own = match before {
        0 => own,
        further => {
            let offset = 30 + u16::try_from(further)?;
            own.env("WAYBILL__LISTENER__BIND", placed.address(offset).to_string())
        }
    };
    let own = layout.env.iter().fold(own, |own, (name, value)| own.env(name, value));
    Ok(Process { vasp, service, program: own.start() })
}
