//! What must be true in the end.

use serde_json::{Value, json};
use waybill_tests::fleet::{Arrival, Fleet};
use waybill_tests::{Needles, OUR_ID, Party, files_below, none_left_but_given_up};

use crate::PATIENCE;
use crate::ledger::Ledger;
use crate::withdrawal::{PLANTED, Withdrawal};

/// Every withdrawal has one end, the same on both sides; its callbacks arrived, in order; no row is doubled, no command
/// stuck; so many were given up; nothing personal is in the broker's files.
pub async fn look(fleet: &mut Fleet, ledger: &Ledger, given_up: usize) {
    let lines = ledger.lines();
    let withdrawals: Vec<&Withdrawal> =
        lines.iter().map(|line| &line.ended.as_ref().expect("all have ended").1).collect();
    let (ours, robot) = (fleet.pair.ours.party, fleet.pair.robot.party);
    for withdrawal in &withdrawals {
        let other = if withdrawal.to_ourselves { ours } else { robot };
        same_on_both_sides(ours, other, withdrawal).await;
        callbacks_in_order(&fleet.callbacks.about(&withdrawal.uuid), withdrawal);
    }
    let abroad = withdrawals.iter().filter(|withdrawal| !withdrawal.to_ourselves).count() as u64;
    assert_eq!(ours.list("").await.0, withdrawals.len() as u64, "rows on our side");
    assert_eq!(robot.list("").await.0, abroad, "rows on the other side");

    let dead = none_left_but_given_up(&fleet.pair.ours.database, PATIENCE).await;
    assert_eq!(dead.len(), given_up, "given up: {dead:?}");
    let dead = none_left_but_given_up(&fleet.pair.robot.database, PATIENCE).await;
    assert!(dead.is_empty(), "given up by the other side: {dead:?}");
    let deliveries: usize =
        withdrawals.iter().map(|withdrawal| fleet.callbacks.about(&withdrawal.uuid).len()).sum();
    println!("\n{} withdrawals, {deliveries} callbacks: none lost, none doubled, none stuck", lines.len());

    fleet.stop().await;
    Fleet::blocking(&fleet.broker, |broker| broker.stop()).await; // so that everything is on disk
    let found = personal_data_at_the_broker(fleet);
    assert_eq!(found, Vec::<String>::new(), "in the broker's files");
}

async fn same_on_both_sides(ours: Party, other: Party, withdrawal: &Withdrawal) {
    let [at_home, abroad] = [ours.record(&withdrawal.uuid).await, other.record(&withdrawal.uuid).await];
    let result = if withdrawal.tx_hash.is_some() { "VERIFIED" } else { "ERROR" };
    assert_eq!(at_home["result"], result, "{withdrawal:?}");
    assert_eq!(at_home["txHash"], json!(withdrawal.tx_hash), "{withdrawal:?}");
    for field in ["result", "reason", "message", "txHash", "vout", "assetInfo", "ivms101Beneficiary"] {
        assert_eq!(at_home[field], abroad[field], "{field} of {withdrawal:?}");
    }
}

/// Each may come more than once, with the same content, but not before the earlier one.
fn callbacks_in_order(arrived: &[Arrival], withdrawal: &Withdrawal) {
    let expected = [(OUR_ID, "VERIFICATION_RESULT"), (withdrawal.beneficiary(), withdrawal.report())];
    let mut kinds: Vec<(&str, &str)> =
        arrived.iter().map(|arrival| (arrival.vasp_id.as_str(), arrival.kind.as_str())).collect();
    if !withdrawal.to_ourselves {
        // Two backends have no order between them: only one backend's callbacks are in order.
        kinds.sort_unstable_by_key(|kind| *kind != expected[0]);
    }
    kinds.dedup();
    assert_eq!(kinds, expected, "{withdrawal:?}");
    for (vasp_id, kind) in expected {
        let told: Vec<&Value> =
            arrived.iter().filter(|arrival| arrival.is(vasp_id, kind)).map(|arrival| &arrival.data).collect();
        assert!(told.iter().all(|data| *data == told[0]), "{withdrawal:?}: {told:?}");
    }
}

/// Ids of verifications are there, or nothing was looked at.
fn personal_data_at_the_broker(fleet: &Fleet) -> Vec<String> {
    let needles = Needles::new(PLANTED.into_iter().chain(["Robbins"]));
    let files = files_below(&fleet.broker.data_folder(), &[]);
    let queues = Needles::new(["ours.VERIFY"]);
    let read = |file: &std::path::PathBuf| std::fs::read(file).unwrap_or_default();
    assert!(
        files.iter().any(|file| !queues.found_in(&read(file)).is_empty()),
        "these are not the broker's files"
    );
    files.iter().flat_map(|file| needles.found_in(&read(file))).collect()
}
