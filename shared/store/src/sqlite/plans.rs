//! How SQLite carries the statements out: the tables that grow without end are never read from end to end.

use std::time::Duration;

use sqlx::ConnectOptions as _;
use waybill_domain::{Clock as _, CommandId, Role, Timestamp, VaspId, VerificationResult, VerificationUuid};
use waybill_testkit::{MockClock, TestFolder};

use super::open::{connect_options, prepare};
use crate::Tx;
use crate::sql::Connection;
use crate::tables::commands::{self, ClaimedCommand, CommandFilter, CommandLease, NewCommand};
use crate::tables::verifications::{self, Change, Cursor, ListFilter, Old, Outdated, Page};
use crate::tables::{
    callback_deliveries, counter_party_keys, history, idempotency, own_keys, received_messages, sealed,
    vendor_limits,
};

const OWN: VaspId = VaspId::new(1);
pub(super) const PEER: VaspId = VaspId::new(2);
const KIND: &str = "VERIFY";

pub(super) struct Database {
    pub(super) tx: Tx,
    pub(super) _folder: TestFolder,
}

/// Empty: without statistics SQLite plans by the indexes alone, so the size has no say.
pub(super) async fn database() -> Database {
    let folder = TestFolder::new();
    let path = folder.join("test.sqlite");
    prepare(&path).await.unwrap();
    let connection = connect_options(&path).connect().await.unwrap();
    Database { tx: Tx::new(Connection::SqliteWriter(connection)), _folder: folder }
}

pub(super) fn now() -> Timestamp {
    MockClock::default().now()
}

pub(super) fn uuid() -> VerificationUuid {
    VerificationUuid::from_random([7; 16])
}

/// Plans that read a whole table; a whole index is read where rows are wanted in its order, up to a limit.
pub(super) fn read_whole_tables(plans: &[String]) -> Vec<&String> {
    assert!(!plans.is_empty());
    let cut_before = ["SCAN counted", "SCAN dead"];
    let whole =
        |step: &str| step.starts_with("SCAN ") && !step.contains(" INDEX ") && !cut_before.contains(&step);
    plans.iter().filter(|plan| plan.split("; ").any(whole)).collect()
}

/// Every filter with every other; a network is looked for as a symbol is.
fn filters() -> Vec<ListFilter> {
    let changes: [&dyn Fn(&mut ListFilter); 7] = [
        &|filter| filter.from = Some(now()),
        &|filter| filter.before = Some(now()),
        &|filter| filter.symbol = Some("ETH".to_owned()),
        &|filter| filter.tx_hash = Some("0x00".to_owned()),
        &|filter| filter.results = vec![VerificationResult::Wait],
        &|filter| filter.originator_account_number = Some("0xA".to_owned()),
        &|filter| filter.beneficiary_account_number = Some("0xB".to_owned()),
    ];
    let mut all = vec![ListFilter::default()];
    for role in [None, Some(Role::Originator), Some(Role::Beneficiary)] {
        for opposite in [None, Some(PEER), Some(OWN)] {
            all.push(ListFilter { role, opposite, ..ListFilter::default() });
        }
    }
    for change in changes {
        let mut changed = all.clone();
        changed.iter_mut().for_each(change);
        all.extend(changed);
    }
    all
}

#[tokio::test]
async fn lists_are_read_in_order_from_an_index() {
    let mut database = database().await;
    let tx = &mut database.tx;
    let cursor = Page::After(Cursor { created_at: now(), id: 1 });
    for filter in filters() {
        for page in [Page::Offset(100), cursor] {
            verifications::list(tx, OWN, &filter, page, 100).await.unwrap();
            let plans = tx.take_plans();
            assert!(read_whole_tables(&plans).is_empty(), "{filter:?}: {plans:?}");
            // The few rows with one hash are sorted; a million rows with one account are not.
            let sorted = plans[0].contains("TEMP B-TREE");
            assert_eq!(sorted, filter.tx_hash.is_some(), "{filter:?}: {plans:?}");
        }
        verifications::count(tx, OWN, &filter).await.unwrap();
        let plans = tx.take_plans();
        assert!(read_whole_tables(&plans).is_empty(), "{filter:?}: {plans:?}");
    }
}

#[tokio::test]
async fn each_filter_uses_the_index_made_for_it() {
    let mut database = database().await;
    let tx = &mut database.tx;
    let none = ListFilter::default;
    let text = |text: &str| Some(text.to_owned());
    for (filter, index) in [
        (none(), "idx_verifications_created_at"),
        (ListFilter { from: Some(now()), ..none() }, "idx_verifications_created_at (created_at>?"),
        (ListFilter { before: Some(now()), ..none() }, "idx_verifications_created_at (created_at<?"),
        (ListFilter { symbol: text("ETH"), ..none() }, "idx_verifications_created_at"),
        (ListFilter { network: text("Ethereum"), ..none() }, "idx_verifications_created_at"),
        (ListFilter { results: vec![VerificationResult::Wait], ..none() }, "idx_verifications_created_at"),
        (
            ListFilter { role: Some(Role::Originator), ..none() },
            "idx_verifications_originating_vasp (originating_vasp_id=?",
        ),
        (
            ListFilter { role: Some(Role::Beneficiary), ..none() },
            "idx_verifications_beneficiary_vasp (beneficiary_vasp_id=?",
        ),
        (
            ListFilter { role: Some(Role::Originator), opposite: Some(PEER), ..none() },
            "idx_verifications_beneficiary_vasp (beneficiary_vasp_id=?",
        ),
        (
            ListFilter { role: Some(Role::Originator), tx_hash: text("00"), ..none() },
            "idx_verifications_tx_hash_search (tx_hash_search=?",
        ),
        (
            ListFilter { opposite: Some(PEER), originator_account_number: text("0xA"), ..none() },
            "idx_verifications_originator_account (originator_account_number=?",
        ),
        (
            ListFilter { role: Some(Role::Originator), beneficiary_account_number: text("0xB"), ..none() },
            "idx_verifications_beneficiary_account (beneficiary_account_number=?",
        ),
        (
            ListFilter { role: Some(Role::Originator), results: vec![VerificationResult::Wait], ..none() },
            "idx_verifications_created_at",
        ),
    ] {
        verifications::list(tx, OWN, &filter, Page::Offset(0), 100).await.unwrap();
        let plans = tx.take_plans();
        assert!(plans[0].contains(index), "{filter:?}: {plans:?}");
    }
}

#[tokio::test]
async fn what_is_done_for_each_verification_reads_no_whole_table() {
    let mut database = database().await;
    let tx = &mut database.tx;
    let lease = CommandLease { token: "t".to_owned(), length: Duration::from_secs(60) };
    let new = |id| NewCommand::new(CommandId::new(id), KIND, "{}".to_owned(), now()).in_group("g");
    commands::insert(tx, &new(1)).await.unwrap();
    commands::insert(tx, &new(2).holding(Duration::from_secs(60))).await.unwrap();
    let claimed: Vec<ClaimedCommand> = commands::claim(tx, KIND, 10, &lease).await.unwrap();
    assert_eq!(claimed.len(), 2);
    commands::retry(tx, &claimed[0], Duration::ZERO, "why").await.unwrap();
    commands::finish(tx, &claimed[1]).await.unwrap();
    commands::next_due(tx, KIND).await.unwrap();
    commands::backlog(tx, KIND).await.unwrap();
    commands::requeue_expired(tx, 5).await.unwrap();
    commands::requeue_held(tx).await.unwrap();
    commands::is_held_back(tx, CommandId::new(2), KIND, "g").await.unwrap();
    commands::wake_group(tx, KIND, "g").await.unwrap();
    commands::release_hold(tx, KIND, CommandId::new(1)).await.unwrap();
    commands::finish_group(tx, KIND, "g").await.unwrap();
    let (kind, group_key) = (Some(KIND.to_owned()), Some("g".to_owned()));
    commands::list(tx, &CommandFilter { kind, group_key, status: None }, 16).await.unwrap();
    commands::find(tx, CommandId::new(1)).await.unwrap();
    let row = commands::find(tx, CommandId::new(1)).await.unwrap().unwrap();
    commands::twin(tx, &row).await.unwrap();
    commands::list_dead(tx, &commands::DeadFilter::default(), 50).await.unwrap();
    let page = commands::DeadFilter { before: Some(CommandId::new(9)), ..commands::DeadFilter::default() };
    commands::list_dead(tx, &page, 50).await.unwrap();
    commands::stranded(tx, KIND, now(), None, 50).await.unwrap();
    commands::redrive(tx, CommandId::new(1), now()).await.unwrap();
    commands::drop_dead(tx, CommandId::new(1), now()).await.unwrap();

    verifications::find(tx, uuid()).await.unwrap();
    let (from, event) = (waybill_domain::VerificationState::WAIT, waybill_domain::Event::DeadlinePassed);
    verifications::advance(tx, uuid(), from, event, &Change::default()).await.unwrap();

    let key_type = waybill_domain::KeyType::PerAddress;
    received_messages::find(tx, PEER, "m").await.unwrap();
    received_messages::keep_answer(tx, PEER, "m", 200, "{}").await.unwrap();
    received_messages::purge(tx, now(), 100).await.unwrap();
    idempotency::find(tx, "scope", "key").await.unwrap();
    idempotency::purge(tx, now(), 100).await.unwrap();
    own_keys::current(tx, "0xA", key_type).await.unwrap();
    own_keys::by_key_id(tx, "k").await.unwrap();
    own_keys::retire(tx, "k", now()).await.unwrap();
    let (retired_before, single_use_before, per_address_before) = (now(), now(), now());
    let needless = own_keys::Needless { retired_before, single_use_before, per_address_before };
    own_keys::purge(tx, needless, 100).await.unwrap();
    counter_party_keys::find(tx, PEER, "0xA", key_type).await.unwrap();
    counter_party_keys::purge(tx, now(), 100).await.unwrap();
    callback_deliveries::of_command(tx, CommandId::new(1)).await.unwrap();
    sealed::verifications_elsewhere(tx, "k1", 0, 100).await.unwrap();
    sealed::own_keys_elsewhere(tx, "k1", 0, 100).await.unwrap();
    sealed::wco_results_elsewhere(tx, "k1", 0, 100).await.unwrap();
    sealed::wco_cases_elsewhere(tx, "k1", 0, 100).await.unwrap();
    for table in sealed::SealedTable::ALL {
        sealed::highest_id(tx, table).await.unwrap();
        sealed::count_by_key(tx, table, sealed::Ids { first: 0, last: 100 }).await.unwrap();
    }
    sealed::replace_verification(tx, 1, &sealed::Replacements::default()).await.unwrap();

    let second = Duration::from_secs(1);
    let rule = waybill_domain::SlotRule::new(20, second);
    let limit = vendor_limits::VendorLimit { name: "l".to_owned(), rule, longest_pause: second };
    let wanted = [vendor_limits::Wanted { count: 1, within: second }];
    vendor_limits::reserve(tx, &limit, &wanted).await.unwrap();
    vendor_limits::pause(tx, &limit, None, 0).await.unwrap();
    vendor_limits::look(tx, &limit).await.unwrap();

    let plans = tx.take_plans();
    assert!(read_whole_tables(&plans).is_empty(), "{:?}", read_whole_tables(&plans));
}

#[tokio::test]
async fn what_is_deleted_by_age_is_found_by_an_index() {
    let mut database = database().await;
    let tx = &mut database.tx;
    let place = Cursor { created_at: now(), id: 1 };
    let old = Old { uuid: uuid(), place };
    let outdated = Outdated { created_before: now(), expired_before: now() };
    verifications::oldest(tx, now(), Some(place), 100).await.unwrap();
    verifications::delete_old(tx, &old, &outdated).await.unwrap();
    commands::delete_group(tx, "g").await.unwrap();
    commands::purge_done(tx, now(), 100).await.unwrap();
    commands::purge_orphans(tx, now(), 100).await.unwrap();
    callback_deliveries::delete_of_verification(tx, uuid()).await.unwrap();
    own_keys::delete_reply_key(tx, uuid()).await.unwrap();
    history::delete_of_verification(tx, uuid()).await.unwrap();
    history::purge_orphans(tx, now(), 100).await.unwrap();
    let plans = tx.take_plans();
    assert!(read_whole_tables(&plans).is_empty(), "{:?}", read_whole_tables(&plans));
    let [oldest, delete, of_group, left, long_done, orphans, ..] = &plans[..] else { panic!("{plans:?}") };
    assert!(oldest.contains("idx_verifications_created_at (created_at>? AND created_at<?)"), "{oldest}");
    assert!(!oldest.contains("TEMP B-TREE"), "{oldest}");
    assert!(delete.contains("PRIMARY KEY") && delete.contains("idx_commands_group (group_key=?"), "{delete}");
    assert!(
        [of_group, left].iter().all(|plan| plan.contains("idx_commands_group (group_key=?")),
        "{plans:?}"
    );
    for plan in [long_done, orphans] {
        assert!(plan.contains("idx_commands_finished (finished_at<?)"), "{plan}");
    }
    verifications::count_old(tx, &outdated).await.unwrap();
    let plans = tx.take_plans();
    assert!(
        plans.iter().all(|plan| plan.contains("idx_verifications_created_at (created_at<?)")),
        "{plans:?}"
    );
}

#[tokio::test]
async fn claiming_costs_the_same_however_many_commands_are_finished() {
    let mut database = database().await;
    let tx = &mut database.tx;
    let lease = CommandLease { token: "t".to_owned(), length: Duration::from_secs(60) };
    commands::insert(tx, &NewCommand::new(CommandId::new(1), KIND, "{}".to_owned(), now())).await.unwrap();
    tx.take_plans();
    commands::claim(tx, KIND, 10, &lease).await.unwrap();
    commands::next_due(tx, KIND).await.unwrap();
    commands::requeue_expired(tx, 5).await.unwrap();
    let plans = tx.take_plans();
    let [claim, claimed, next_due, requeue] = &plans[..] else { panic!("{plans:?}") };
    assert!(claim.contains("idx_commands_due (command_type=? AND due_at<?)"), "{claim}");
    assert!(
        claim.contains("idx_commands_group (group_key=? AND command_type=? AND command_id<?)"),
        "{claim}"
    );
    assert!(claimed.contains("INTEGER PRIMARY KEY (rowid=?)"), "{claimed}");
    assert!(next_due.contains("idx_commands_due (command_type=?)"), "{next_due}");
    assert!(requeue.contains("INDEX idx_commands_lease"), "{requeue}");
}
