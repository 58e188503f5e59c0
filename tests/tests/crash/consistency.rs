//! What must be true of two nodes after whatever happened to them.

use serde_json::{Value, json};
use waybill_testkit::eventually;
use waybill_tests::{Pair, Party, no_command_is_left};

use crate::withdrawals::{End, PATIENCE, Withdrawal};

/// Every withdrawal has one end, the same on both sides; the callbacks arrived, in order; nothing is left over, and
/// nothing is there twice.
pub async fn nothing_is_lost_or_doubled(pair: &Pair, withdrawals: &[Withdrawal]) {
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    for withdrawal in withdrawals {
        let other = if withdrawal.to_ourselves { ours } else { robot };
        let at_home = ended(ours, withdrawal).await;
        let abroad = ended(other, withdrawal).await;
        for field in ["result", "reason", "message", "txHash", "vout", "assetInfo", "ivms101Beneficiary"] {
            assert_eq!(at_home[field], abroad[field], "{field} of {withdrawal:?}");
        }
        callbacks_arrived(ours, other, withdrawal).await;
        let asked = other.backend.bodies("verification", &withdrawal.uuid).await;
        assert!(!asked.is_empty() && asked.iter().all(|body| *body == asked[0]), "{asked:?}");
    }
    let abroad = withdrawals.iter().filter(|withdrawal| !withdrawal.to_ourselves).count() as u64;
    assert_eq!(ours.list("").await.0, withdrawals.len() as u64, "rows on our side");
    assert_eq!(robot.list("").await.0, abroad, "rows on the robot's side");
    for node in [&pair.ours, &pair.robot] {
        no_command_is_left(&node.database, PATIENCE).await;
    }
}

async fn ended(party: Party, withdrawal: &Withdrawal) -> Value {
    let (result, tx_hash) = match &withdrawal.end {
        End::Transaction(hash) => ("VERIFIED", json!(hash)),
        End::GivenUp => ("ERROR", Value::Null),
    };
    eventually(&format!("{withdrawal:?} has ended at {}", party.vasp_id), PATIENCE, async || {
        let answer = party.api.try_get(&format!("/v1/verifications/{}", withdrawal.uuid)).await.ok()?;
        let record = answer.json();
        (record["result"] == result && record["txHash"] == tx_hash).then_some(record)
    })
    .await
}

async fn callbacks_arrived(ours: Party, other: Party, withdrawal: &Withdrawal) {
    let report = match withdrawal.end {
        End::Transaction(_) => "TX_REPORT",
        End::GivenUp => "ERROR_REPORT",
    };
    ours.backend.callback_within(&withdrawal.uuid, "VERIFICATION_RESULT", PATIENCE).await;
    other.backend.callback_within(&withdrawal.uuid, report, PATIENCE).await;
    if withdrawal.to_ourselves {
        in_order(ours, withdrawal, &["VERIFICATION_RESULT", report]).await;
    } else {
        in_order(ours, withdrawal, &["VERIFICATION_RESULT"]).await;
        in_order(other, withdrawal, &[report]).await;
    }
}

/// Each may come more than once, with the same content, but not before the earlier one.
async fn in_order(party: Party, withdrawal: &Withdrawal, expected: &[&str]) {
    let callbacks = party.backend.callbacks(&withdrawal.uuid).await;
    let mut kinds: Vec<&str> = callbacks.iter().map(|(kind, _)| kind.as_str()).collect();
    kinds.dedup();
    assert_eq!(kinds, expected, "{withdrawal:?}");
    for (kind, data) in &callbacks {
        let first = callbacks.iter().find(|(other, _)| other == kind).map(|(_, data)| data);
        assert_eq!(Some(data), first, "{withdrawal:?}");
    }
}
