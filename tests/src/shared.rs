//! One `waybill dev` for all tests of a test program that do not disturb each other.

use tokio::sync::{OnceCell, oneshot};
use waybill_testkit::{PortBlock, Program, TestFolder, built_program, free_ports};

use crate::node::Node;
use crate::party::Party;
use crate::{Database, Pair, SOON};

/// Runs the program until the test program ends, however it ends: a static is never dropped.
const UNTIL_PARENT_ENDS: &str = r#"
"$@" &
while kill -0 "$PPID" 2>/dev/null; do /bin/sleep 0.2; done
kill -9 $!
wait
/bin/rm -rf "$PWD/state"
/bin/rm -f "$PWD"/*.log
/bin/rmdir "$PWD"
"#;

/// The two VASPs of the shared program.
pub struct SharedDev {
    pub ours: Party,
    pub robot: Party,
    /// What is never dropped before the test program ends.
    _kept: Option<(Program, PortBlock, TestFolder)>,
}

/// The shared program, started by the first test that asks. Use accounts, hashes and uuids of your own, and leave the
/// switches of the sandbox alone.
///
/// On a server it is two `waybill run`, one for each VASP. A test program has one database for all of its tests.
pub async fn dev(database: Database) -> &'static SharedDev {
    static DEV: OnceCell<SharedDev> = OnceCell::const_new();
    DEV.get_or_init(async || match database {
        Database::Sqlite => start_dev().await,
        Database::Postgres | Database::MariaDb => start_pair(database).await,
    })
    .await
}

async fn start_dev() -> SharedDev {
    let (ports, folder) = (free_ports(301), TestFolder::new());
    let waybill = built_program("waybill").display().to_string();
    let base = ports.base().to_string();
    let mut program = Program::at("/bin/sh".as_ref(), "shared-dev", &folder)
        .args(["-c", UNTIL_PARENT_ENDS, "sh", &waybill, "dev", "--port-base", &base, "--folder", "state"])
        .start();
    program.wait_for_line("ready", SOON).await;
    let [ours, robot] = Party::both(ports.base());
    SharedDev { ours, robot, _kept: Some((program, ports, folder)) }
}

/// Each test has a runtime of its own; the sandbox lives in a further one.
async fn start_pair(database: Database) -> SharedDev {
    let (ready, started) = oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime can be made").block_on(async {
            let pair = Pair::prepare(database).await;
            let mut programs = Vec::new();
            for node in [&pair.ours, &pair.robot] {
                programs.push(run_until_parent_ends(node, &pair.folder).await);
            }
            // Nobody listens any more when the test that asked was cut off.
            let _ = ready.send((pair.ours.party, pair.robot.party));
            std::future::pending::<()>().await;
        });
    });
    let (ours, robot) = started.await.expect("both nodes start");
    SharedDev { ours, robot, _kept: None }
}

async fn run_until_parent_ends(node: &Node, folder: &TestFolder) -> Program {
    let waybill = built_program("waybill").display().to_string();
    let config = node.config(folder).display().to_string();
    let mut program = Program::at("/bin/sh".as_ref(), &crate::unique("shared-node"), folder)
        .args(["-c", UNTIL_PARENT_ENDS, "sh", &waybill, "run", "--config", &config])
        .start();
    program.wait_for_line("ready", SOON).await;
    program
}
