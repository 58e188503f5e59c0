//! Two nodes as two processes, with the settings that `waybill dev` writes.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use waybill_testkit::{PortBlock, Program, TestFolder, free_ports};

pub struct Nodes {
    ports: PortBlock,
    pub folder: TestFolder,
    pub ours: Program,
    pub robot: Program,
}

/// What two nodes left.
pub struct Stopped {
    /// Commits that each made, by its own account.
    pub commits: [u64; 2],
    pub folder: TestFolder,
    pub ports: PortBlock,
}

impl Nodes {
    /// Lets `waybill dev` write keys, directory and settings.
    pub async fn prepare() -> (TestFolder, PortBlock) {
        let (folder, ports) = (TestFolder::new(), free_ports(301));
        let mut dev = Program::waybill("prepare", &folder)
            .args(["dev", "--port-base", &ports.base().to_string()])
            .start();
        dev.wait_for_line("ready", Duration::from_secs(30)).await;
        dev.terminate();
        dev.wait_for_exit(Duration::from_secs(30)).await;
        (folder, ports)
    }

    pub async fn start(folder: TestFolder, ports: PortBlock) -> Self {
        let mut robot = node("robot", &folder);
        let mut ours = node("ours", &folder);
        robot.wait_for_line("ready", Duration::from_secs(30)).await;
        ours.wait_for_line("ready", Duration::from_secs(30)).await;
        Self { ports, folder, ours, robot }
    }

    /// Stops both.
    pub async fn stop(mut self) -> Stopped {
        for node in [&mut self.ours, &mut self.robot] {
            node.terminate();
            node.wait_for_exit(Duration::from_secs(30)).await;
        }
        let commits = [commits(&self.ours.stderr()), commits(&self.robot.stderr())];
        Stopped { commits, folder: self.folder, ports: self.ports }
    }
}

fn node(name: &'static str, folder: &TestFolder) -> Program {
    static STARTS: AtomicU32 = AtomicU32::new(0);
    let settings = format!(".waybill/{name}/waybill.toml");
    // A log of its own for each start: `ready` in an older one would be taken for this one's.
    let log = format!("{name}-{}", STARTS.fetch_add(1, Ordering::Relaxed));
    Program::waybill(&log, folder)
        .args(["run", "--config", &settings])
        .env("WAYBILL__TELEMETRY__LOG_LEVEL", "warn,waybill_store=info")
        .env("WAYBILL__INGRESS__RATE_PER_SECOND", "1000000")
        .env("WAYBILL__INGRESS__RATE_BURST", "1000000")
        .start()
}

fn commits(log: &str) -> u64 {
    let last = log.rsplit("commits=").next().unwrap_or_default();
    last.split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or(0)
}
