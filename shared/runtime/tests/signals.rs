//! Signals reach the shutdown. In a program of its own, because signals are for the whole process.

use std::time::Duration;

use tokio::time::timeout;
use waybill_runtime::lifecycle::{Shutdown, shut_down_on_signals};

#[tokio::test]
async fn the_first_signal_asks_and_the_second_aborts() {
    let shutdown = Shutdown::new(Duration::from_secs(3600));
    shut_down_on_signals(&shutdown).unwrap();
    let patience = Duration::from_secs(20);

    signal_ourselves("TERM").await;
    timeout(patience, shutdown.requested()).await.expect("the first signal asks to stop");

    signal_ourselves("INT").await;
    timeout(patience, shutdown.overdue()).await.expect("the second signal aborts");
}

async fn signal_ourselves(name: &str) {
    let script = format!("kill -{name} {}", std::process::id());
    let sent = tokio::process::Command::new("sh").args(["-c", &script]).status().await.unwrap();
    assert!(sent.success());
}
