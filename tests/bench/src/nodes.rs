//! Two nodes as two processes, with the settings that `waybill dev` writes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use waybill_testkit::{PortBlock, Program, ProgramBuilder, TestFolder, free_ports};

const PATIENCE: Duration = Duration::from_secs(30);

/// Where two nodes live: their folder with keys and settings, and their ports.
pub struct Placed {
    pub folder: TestFolder,
    ports: PortBlock,
}

impl Placed {
    /// The address at this offset from the first port.
    pub fn address(&self, offset: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.ports.base() + offset))
    }
}

pub struct Nodes {
    placed: Placed,
    pub ours: Program,
    pub robot: Program,
}

/// What two nodes left.
pub struct Stopped {
    /// Commits that each made, by its own account.
    pub commits: [u64; 2],
    pub placed: Placed,
}

impl Nodes {
    /// Lets `waybill dev` write keys, directory and settings.
    pub async fn prepare() -> Placed {
        let (folder, ports) = (TestFolder::new(), free_ports(301));
        let mut dev = Program::waybill("prepare", &folder)
            .args(["dev", "--port-base", &ports.base().to_string()])
            .start();
        dev.wait_for_line("ready", PATIENCE).await;
        dev.terminate();
        dev.wait_for_exit(PATIENCE).await;
        Placed { folder, ports }
    }

    /// Starts both over SQLite.
    pub async fn start(placed: Placed) -> Self {
        Self::start_over(placed, [None, None]).await
    }

    /// Starts ours and the robot over these databases on servers.
    pub async fn start_over(placed: Placed, [our_url, robot_url]: [Option<String>; 2]) -> Self {
        let mut robot = node("robot", &placed.folder, robot_url).await;
        let mut ours = node("ours", &placed.folder, our_url).await;
        robot.wait_for_line("ready", PATIENCE).await;
        ours.wait_for_line("ready", PATIENCE).await;
        Self { placed, ours, robot }
    }

    /// Stops both.
    pub async fn stop(mut self) -> Stopped {
        for node in [&mut self.ours, &mut self.robot] {
            node.terminate();
            node.wait_for_exit(PATIENCE).await;
        }
        let commits = [commits(&self.ours.stderr()), commits(&self.robot.stderr())];
        Stopped { commits, placed: self.placed }
    }
}

/// Starts one node; a database on a server gets its tables first.
async fn node(name: &'static str, folder: &TestFolder, url: Option<String>) -> Program {
    if url.is_some() {
        let migrated = program("migrate", name, folder, url.as_deref()).start().wait_for_exit(PATIENCE).await;
        assert!(migrated.success(), "waybill migrate: {migrated}");
    }
    program("run", name, folder, url.as_deref()).start()
}

/// `waybill <command>` on the settings of one of the two.
pub fn program(command: &str, name: &str, folder: &TestFolder, url: Option<&str>) -> ProgramBuilder {
    static STARTS: AtomicU32 = AtomicU32::new(0);
    let settings = format!(".waybill/{name}/waybill.toml");
    // A log of its own for each start: `ready` in an older one would be taken for this one's.
    let log = format!("{name}-{command}-{}", STARTS.fetch_add(1, Ordering::Relaxed));
    let program = Program::waybill(&log, folder)
        .args([command, "--config", &settings])
        .env("WAYBILL__TELEMETRY__LOG_LEVEL", "warn,waybill_store=info")
        .env("WAYBILL__INGRESS__RATE_PER_SECOND", "1000000")
        .env("WAYBILL__INGRESS__RATE_BURST", "1000000");
    match url {
        Some(url) => program.env("WAYBILL__DATABASE__URL", url),
        None => program,
    }
}

fn commits(log: &str) -> u64 {
    let last = log.rsplit("commits=").next().unwrap_or_default();
    last.split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or(0)
}
