//! Commands that belong together.

use std::time::Duration;

use tokio::sync::mpsc;
use waybill_bus::{BusOptions, Outcome};

use crate::house::*;

pub async fn later_commands_of_a_group_wait_while_the_earlier_one_holds_them(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let script = |uuid, attempt| {
        if uuid == verification(1) && attempt < 3 {
            Outcome::retry(Duration::from_millis(50), "not yet")
        } else {
            Outcome::Done
        }
    };
    house.worker.work(Script(seen, script), 8);
    let hold = Duration::from_secs(60);
    let group: Vec<_> = (1..=3).map(|byte| notice(&house, byte).in_group("g").holding(hold)).collect();
    house.add(group.clone()).await;
    house.until_done(&group[2]).await;
    house.drain().await;
    let mut order = Vec::new();
    while let Ok((uuid, _)) = commands.try_recv() {
        order.push(uuid);
    }
    let first = verification(1);
    assert_eq!(order, [first, first, first, verification(2), verification(3)]);
}

pub async fn a_hold_ends_by_itself(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let script = |uuid, _| {
        if uuid == verification(1) {
            Outcome::retry(Duration::from_secs(3600), "never")
        } else {
            Outcome::Done
        }
    };
    house.worker.work(Script(seen, script), 8);
    let held = |byte| notice(&house, byte).in_group("g").holding(Duration::from_millis(200));
    let group = vec![held(1), held(2)];
    house.add(group.clone()).await;
    house.until_done(&group[1]).await;
    assert_eq!(commands.recv().await, Some((verification(1), 1)));
    assert_eq!(commands.recv().await, Some((verification(2), 1)));
    house.drain().await;
}
