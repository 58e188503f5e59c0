//! The servers of a test run: one private instance of each, started once for all tests.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use waybill_testkit::WrongClock;
use waybill_testkit::servers::{Broker, Durability, Server, ServerKind};

use crate::cargo;

/// They end with the value; also when this process is interrupted or killed.
#[derive(Default)]
pub struct Servers {
    databases: Vec<Server>,
    broker: Option<Broker>,
}

impl Servers {
    /// Starts what the environment does not name already, after installing what is missing.
    pub fn start(&mut self) -> Result<()> {
        let (named, ours): (Vec<_>, Vec<_>) =
            ServerKind::ALL.into_iter().partition(|kind| is_named(kind.variable()));
        let broker_is_named = is_named(Broker::VARIABLE);
        for variable in
            named.iter().map(|kind| kind.variable()).chain(broker_is_named.then_some(Broker::VARIABLE))
        {
            println!("{variable} names the server to use");
        }
        install_missing(&ours, !broker_is_named)?;
        for kind in ours {
            let server = Server::try_start_private(kind, Durability::Process).map_err(|why| anyhow!(why))?;
            println!("{kind:?} on port {}", server.port());
            self.databases.push(server);
        }
        if !broker_is_named {
            let broker = Broker::try_start_private("").map_err(|why| anyhow!(why))?;
            println!("RabbitMQ on port {}", broker.port());
            self.broker = Some(broker);
        }
        Ok(())
    }

    /// Installs what tests start by themselves, and starts nothing.
    pub fn install_missing() -> Result<()> {
        install_missing(&ServerKind::ALL, true)
    }

    /// The variables by which the tests find them.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let broker = self.broker.iter().map(|broker| (Broker::VARIABLE, broker.url()));
        self.databases.iter().map(|server| (server.kind().variable(), server.url())).chain(broker)
    }
}

fn is_named(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|url| !url.is_empty())
}

fn install_missing(databases: &[ServerKind], broker: bool) -> Result<()> {
    let mut missing: Vec<_> =
        databases.iter().filter(|kind| !kind.is_installed()).map(|kind| kind.package()).collect();
    if broker && !Broker::is_installed() {
        missing.push(Broker::PACKAGE);
    }
    if WrongClock::find().is_err() {
        missing.push(WrongClock::PACKAGE);
    }
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// Installs Debian packages where that is possible, and otherwise says what to do.
fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !(is_root() && Path::new("/usr/bin/apt-get").is_file()) {
        bail!(
            "run `apt-get install --no-install-recommends {list}` as root, or install these servers another way"
        );
    }
    println!("installing {list}");
    let mut script = Command::new("/bin/sh");
    script.args(["-c", include_str!("install.sh"), "install"]).args(packages).stdin(Stdio::null());
    cargo::run(&mut script).with_context(|| format!("{list} cannot be installed"))
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout == b"0\n")
}
