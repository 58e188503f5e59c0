//! Verifications that are old enough go, on a running node, and whoever asks about them later is told so.

use std::os::unix::process::ExitStatusExt as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use waybill_domain::{
    AssetInfo, Clock as _, CommandId, Event, KeyType, Timestamp, VaspId, Verdict, VerificationState,
    VerificationUuid,
};
use waybill_runtime::SystemClock;
use waybill_store::tables::audit::{self, AuditRow};
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::verifications::{self, Change, NewVerification};
use waybill_store::{Store, StoreError};
use waybill_testkit::{Program, eventually};
use waybill_tests::{Listener, Member, Node, OUR_ID, Pair, SOON, edit_directory, random_uuid, verification};

use crate::DATABASE;

const DAYS: (&str, &str) = ("WAYBILL__VERIFICATION__RETENTION_DAYS", "30");
const MEMBER: u64 = 77;

async fn store(pair: &Pair) -> Store {
    Store::open(&pair.ours.database.options()).await.unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    SystemClock.now() - TimeDelta::days(days)
}

fn uuids(count: usize) -> Vec<VerificationUuid> {
    (0..count).map(|_| VerificationUuid::from_random(*random_uuid().as_bytes())).collect()
}

/// A verification of a member, of which we were the beneficiary.
fn of_member(uuid: VerificationUuid, at: Timestamp) -> NewVerification {
    NewVerification {
        uuid,
        asset: AssetInfo {
            symbol: "ETH".to_owned(),
            network: None,
            amount: "1".parse().unwrap(),
            is_exceeding_threshold: true,
            trade_price: "1".parse().unwrap(),
            trade_currency: "KRW".to_owned(),
            trade_iso_datetime: at,
        },
        originating_vasp_id: VaspId::new(MEMBER),
        originator_account_number: "0x1".to_owned(),
        originator_sealed: "sealed".to_owned(),
        originating_vasp_sealed: "sealed".to_owned(),
        beneficiary_vasp_id: OUR_ID.parse().unwrap(),
        beneficiary_account_number: "0x2".to_owned(),
        beneficiary_sealed: "sealed".to_owned(),
        beneficiary_vasp_sealed: "sealed".to_owned(),
        created_at: at,
        key_type: KeyType::PerVasp,
        payload_version: "1".to_owned(),
        required_beneficiary_info: "ACCOUNT_NUMBER".to_owned(),
        expires_at: at + TimeDelta::minutes(10),
    }
}

/// Writes answered verifications of a time, each with a callback that was delivered.
async fn write(store: &Store, uuids: &[VerificationUuid], at: Timestamp) {
    for some in uuids.chunks(1000) {
        let written = store.write("test", (some.to_vec(), at), |tx, (uuids, at)| {
            Box::pin(async move {
                for uuid in uuids {
                    verifications::insert(tx, &of_member(*uuid, *at)).await?;
                    let (from, event) = (VerificationState::WAIT, Event::Answered(Verdict::Verified));
                    verifications::advance(tx, *uuid, from, event, &Change::default()).await?;
                    let command = NewCommand::new(next_id(), "CALLBACK", "{}".to_owned(), *at);
                    commands::insert(tx, &command.in_group(uuid)).await?;
                    commands::finish_group(tx, "CALLBACK", &uuid.to_string()).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        written.await.unwrap();
    }
}

/// Smaller than any id that a node makes.
fn next_id() -> CommandId {
    static LAST: AtomicI64 = AtomicI64::new(0);
    CommandId::new(LAST.fetch_add(1, Ordering::Relaxed) + 1)
}

async fn left(store: &Store, uuids: &[VerificationUuid]) -> usize {
    let found = store.read("test", uuids.to_vec(), |tx, uuids| {
        Box::pin(async move {
            let mut found = 0;
            for uuid in uuids {
                found += usize::from(verifications::find(tx, *uuid).await?.is_some());
            }
            Ok::<_, StoreError>(found)
        })
    });
    found.await.unwrap()
}

async fn audited(store: &Store) -> Vec<AuditRow> {
    let rows: Result<_, StoreError> =
        store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 1000))).await;
    rows.unwrap().into_iter().filter(|row| row.event == "RETENTION").collect()
}

async fn until_audited(store: &Store, patience: Duration) -> AuditRow {
    eventually("the run is in the audit", patience, async || audited(store).await.pop()).await
}

async fn start(node: &mut Node, pair_folder: &waybill_testkit::TestFolder, more: &[(&str, &str)]) {
    let env = [&[DAYS, ("WAYBILL__DIRECTORY__REFRESH", "100ms")], more].concat();
    node.start(pair_folder, &env).await;
}

async fn command(pair: &Pair, arguments: &[&str], env: &[(&str, &str)]) -> (bool, String) {
    let config = pair.state().join("ours/waybill.toml").display().to_string();
    let all = [arguments, &["--config", &config]].concat();
    let name = waybill_tests::unique("command");
    let program = Program::waybill(&name, &pair.folder).args(all);
    let mut program = env.iter().fold(program, |program, (name, value)| program.env(name, value)).start();
    let ended = program.wait_for_exit(SOON).await;
    (ended.success(), format!("{}{}", program.stdout(), program.stderr()))
}

#[tokio::test]
async fn old_verifications_go_and_whoever_asks_is_told_so() {
    let mut pair = Pair::prepare(DATABASE).await;
    let member = Member::new(MEMBER);
    edit_directory(&pair.state(), |members| members.push(member.entry(&members[1])));
    let store = store(&pair).await;
    let (old, young) = (uuids(50), uuids(5));
    write(&store, &old, days_ago(31)).await;
    write(&store, &young, days_ago(29)).await;

    // An operator looks first.
    let (good, said) = command(&pair, &["retention", "preview"], &[]).await;
    assert!(good && said.contains("kept for ever"), "{said}");
    let (good, said) = command(&pair, &["retention", "preview"], &[DAYS]).await;
    assert!(good && said.contains("50 will be deleted") && said.contains("0 are kept"), "{said}");

    start(&mut pair.ours, &pair.folder, &[]).await;
    let entry = until_audited(&store, 3 * SOON).await;
    let detail: Value = serde_json::from_str(&entry.detail).unwrap();
    assert_eq!(detail["deleted"], json!({"commands": 50, "verifications": 50}));
    assert!(!entry.detail.contains(&old[0].to_string()) && entry.subject.is_none(), "{entry:?}");
    assert_eq!((left(&store, &old).await, left(&store, &young).await), (0, 5));

    let ours = pair.ours.party;
    let (gone, here) = (old[0].to_string(), young[0].to_string());
    ours.api.get(&format!("/v1/verifications/{gone}")).await.is_refused(404, "VERIFICATION-NOT-FOUND");
    ours.report_error(&gone, "ERROR", "USER-CANCELED").await.is_refused(404, "VERIFICATION-NOT-FOUND");
    ours.inquire(&gone).await.is_refused(404, "VERIFICATION-NOT-FOUND");
    // A late message of the other side is refused, and costs nothing.
    let listener = Listener::of(ours, &pair.state());
    let report = |uuid: &str| {
        member.letter(&listener, "transactions", &json!({"verificationUuid": uuid, "txHash": "0xab"}))
    };
    eventually("the member is known", SOON, async || {
        (report(&here).send().await.status == 200).then_some(())
    })
    .await;
    report(&gone).send().await.is_refused(404, "VERIFICATION-NOT-FOUND");
    let cancel = json!({"verificationUuid": gone, "result": "ERROR", "reason": "USER-CANCELED"});
    member.letter(&listener, "errors", &cancel).send().await.is_refused(404, "VERIFICATION-NOT-FOUND");
    // A question that comes again is long expired, and nobody is asked twice.
    let mut again = member.question(&listener, old[0], &verification()["payload"]).await;
    let mut body: Value = serde_json::from_str(&again.body).unwrap();
    body["expiresAt"] = json!(waybill_domain::format_time(days_ago(31)));
    again.body = body.to_string();
    again.send().await.is_refused(410, "EXPIRED-VERIFICATION");
    assert_eq!(left(&store, &old).await, 0);

    let (good, said) = command(&pair, &["callbacks", "replay", &gone], &[DAYS]).await;
    assert!(!good && said.contains("there is no such callback"), "{said}");
    // By hand, beside the running node, and not twice.
    let late = uuids(3);
    write(&store, &late, days_ago(40)).await;
    let (good, said) = command(&pair, &["retention", "run"], &[DAYS]).await;
    assert!(good && said.contains("\"verifications\":3"), "{said}");
    let (good, said) = command(&pair, &["retention", "run"], &[DAYS]).await;
    assert!(good && said.contains("Nothing is old enough"), "{said}");
    assert_eq!((left(&store, &late).await, left(&store, &young).await), (0, 5));
    assert_eq!(audited(&store).await[0].actor, "operator");
    store.close().await;
    pair.ours.stop().await;
}

/// The node dies between two batches. The next one goes on when the lease is over, and the audit counts all.
#[tokio::test]
async fn a_node_that_dies_while_it_deletes_leaves_nothing_half_gone() {
    let mut pair = Pair::prepare(DATABASE).await;
    let store = store(&pair).await;
    let old = uuids(1000);
    write(&store, &old, days_ago(31)).await;
    start(&mut pair.ours, &pair.folder, &[("WAYBILL_FAILPOINT", "retention.batch:7")]).await;
    let ended = pair.ours.running().wait_for_exit(3 * SOON).await;
    assert_eq!(ended.signal(), Some(6), "it died in the middle: {ended}");
    let half = left(&store, &old).await;
    assert!(half > 0 && half < 1000, "{half}");
    assert!(audited(&store).await.is_empty(), "the run has not ended");
    start(&mut pair.ours, &pair.folder, &[]).await;
    let entry = until_audited(&store, 3 * SOON).await;
    let detail: Value = serde_json::from_str(&entry.detail).unwrap();
    assert_eq!(detail["deleted"], json!({"commands": 1000, "verifications": 1000}));
    assert_eq!(left(&store, &old).await, 0);
    store.close().await;
    pair.ours.stop().await;
}

/// Many old ones go in many short transactions: withdrawals that are made meanwhile come between them.
#[tokio::test]
async fn a_great_many_go_while_withdrawals_are_made() {
    const MANY: usize = 2000;
    let mut pair = Pair::prepare(DATABASE).await;
    let store = store(&pair).await;
    let old = uuids(MANY);
    write(&store, &old, days_ago(31)).await;
    let some: Vec<_> = old.iter().copied().step_by(MANY / 50).collect();
    pair.robot.start(&pair.folder, &[]).await;
    start(&mut pair.ours, &pair.folder, &[]).await;
    let ours = pair.ours.party;
    let (mut waits, mut between) = (Vec::new(), 0);
    let began = tokio::time::Instant::now();
    while audited(&store).await.is_empty() {
        assert!(began.elapsed() < 4 * SOON, "it has an end");
        let asked = tokio::time::Instant::now();
        let uuid = ours.verify(&verification()).await;
        waits.push(asked.elapsed());
        between += usize::from((1..some.len()).contains(&left(&store, &some).await));
        ours.until(&uuid, "VERIFIED").await;
        ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    }
    let took = began.elapsed();
    let detail: Value = serde_json::from_str(&audited(&store).await[0].detail).unwrap();
    assert_eq!(detail["deleted"]["verifications"], MANY);
    assert_eq!(left(&store, &some).await, 0);
    assert_eq!(ours.list("").await.0, waits.len() as u64, "and none of the new ones");
    waits.sort_unstable();
    let slowest = waits[waits.len() - 1];
    println!(
        "{MANY} deleted in {took:?}; {} accepted beside it, {between} while some were left; slowest {slowest:?}",
        waits.len()
    );
    assert!(between >= 5, "one transaction for all keeps everybody waiting: {waits:?}");
    assert!(slowest < Duration::from_secs(5), "{waits:?}");
    store.close().await;
    pair.ours.stop().await;
}
