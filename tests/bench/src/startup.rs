//! Size of the program, start-up and memory of `waybill dev`.

use std::time::Duration;

use tokio::time::Instant;
use waybill_testkit::{Program, TestFolder, built_program, free_ports};

use crate::process::resident_mb;

pub async fn run() -> anyhow::Result<()> {
    let size = std::fs::metadata(built_program("waybill"))?.len();
    println!("program size                      {:.1} MB", size as f64 / 1e6);
    let folder = TestFolder::new();
    let ports = free_ports(301);
    for (name, round) in [("first", "first start (keys made)"), ("second", "second start")] {
        let begun = Instant::now();
        let mut dev =
            Program::waybill(name, &folder).args(["dev", "--port-base", &ports.base().to_string()]).start();
        dev.wait_for_line("ready", Duration::from_secs(20)).await;
        let ready = begun.elapsed();
        tokio::time::sleep(Duration::from_secs(2)).await;
        let resident = resident_mb(dev.id())?;
        println!(
            "waybill dev, {round:<24} ready in {:.0} ms, {resident:.1} MB resident, idle",
            ready.as_millis()
        );
        dev.terminate();
        dev.wait_for_exit(Duration::from_secs(20)).await;
    }
    Ok(())
}
