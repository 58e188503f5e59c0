//! One `waybill dev` for all tests of a test program that do not disturb each other.

use tokio::sync::OnceCell;
use waybill_testkit::{PortBlock, Program, TestFolder, built_program, free_ports};

use crate::SOON;
use crate::party::Party;

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
    _program: Program,
    _ports: PortBlock,
    _folder: TestFolder,
}

/// The shared program, started by the first test that asks. Use accounts, hashes and uuids of your own, and leave the
/// switches of the sandbox alone.
pub async fn dev() -> &'static SharedDev {
    static DEV: OnceCell<SharedDev> = OnceCell::const_new();
    DEV.get_or_init(start).await
}

async fn start() -> SharedDev {
    let (ports, folder) = (free_ports(301), TestFolder::new());
    let waybill = built_program("waybill").display().to_string();
    let base = ports.base().to_string();
    let mut program = Program::at("/bin/sh".as_ref(), "shared-dev", &folder)
        .args(["-c", UNTIL_PARENT_ENDS, "sh", &waybill, "dev", "--port-base", &base, "--folder", "state"])
        .start();
    program.wait_for_line("ready", SOON).await;
    let [ours, robot] = Party::both(ports.base());
    SharedDev { ours, robot, _program: program, _ports: ports, _folder: folder }
}
