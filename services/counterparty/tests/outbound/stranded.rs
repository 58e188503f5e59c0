//! A verification whose command was given up ends at its deadline all the same.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{KeyType, VaspId, VerificationResult, VerificationUuid};
use waybill_jobs::{Command as _, DeliverCallback, NotifyExpiry, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandLease, CommandStatus, NewCommand};
use waybill_store::tables::verifications::{self, NewVerification};
use waybill_testkit::eventually;

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, OURS, beneficiary, uuid, verified};
use crate::house::{House, Options};

const SOON: Duration = Duration::from_secs(20);
const DEADLINE: Duration = Duration::from_secs(600);
const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

async fn house() -> House {
    let settings = vec![("WAYBILL__HEALTH__POLL_INTERVAL", "50ms")];
    House::with(Options { settings, ..Options::default() }).await
}

impl House {
    /// Waits until what was given up was looked at some times: that happens as often as members are polled.
    async fn some_rounds(&self) {
        let before = self.peer.polls();
        eventually("members are polled", SOON, async || (self.peer.polls() > before + 5).then_some(())).await;
    }

    /// A verification whose command nobody can read.
    async fn unreadable(&self, uuid: VerificationUuid) {
        let command = self.ctx.bus.command(&VerifyCounterparty { verification_uuid: uuid });
        let command = command.in_group(uuid).traced(Some(TRACE.to_owned()));
        self.add(NewCommand { body: r#"{"of": "no use"}"#.to_owned(), ..command }).await;
        self.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Error).await;
    }

    /// A verification whose command is given up because its worker panicked over it for the last time.
    async fn panicked(&self, uuid: VerificationUuid) {
        let lease = CommandLease { token: format!("lost-{uuid}"), length: Duration::from_secs(3600) };
        let command = self.ctx.bus.command(&VerifyCounterparty { verification_uuid: uuid }).in_group(uuid);
        let work = (command.leased(lease.clone()), lease);
        let give_up = self.ctx.store.write("test", work, |tx, (command, lease)| {
            Box::pin(async move {
                commands::insert(tx, command).await?;
                let held = ClaimedCommand {
                    id: command.id,
                    kind: VerifyCounterparty::KIND,
                    body: command.body.clone(),
                    created_at: command.created_at,
                    attempts: 1,
                    lease_token: lease.token.clone(),
                    group_key: command.group_key.clone(),
                    traceparent: None,
                    last_error: None,
                };
                commands::retry_lost(tx, &held, Duration::ZERO, "the handler panicked", 1).await
            })
        });
        assert!(give_up.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    }

    async fn until_timed_out(&self, uuid: VerificationUuid) {
        let row = eventually("it ends", SOON, async || {
            Some(self.row(uuid).await).filter(|row| row.result != VerificationResult::Wait)
        })
        .await;
        assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Error, Some("REQUEST-TIMEOUT")));
    }
}

#[tokio::test]
async fn it_ends_at_its_deadline_with_its_callback_and_the_peer_is_told() {
    let (house, uuid) = (house().await, uuid(1));
    house.accept(uuid, KeyType::PerVasp).await;
    house.unreadable(uuid).await;
    house.some_rounds().await;
    assert_eq!(house.row(uuid).await.result, VerificationResult::Wait, "not before");
    house.peer.will([Act::acknowledge()]);
    house.clock.advance(DEADLINE);
    house.until_timed_out(uuid).await;
    let callback = house.callback(uuid).await;
    assert_eq!((&*callback.result.unwrap(), &*callback.reason.unwrap()), ("ERROR", "REQUEST-TIMEOUT"));
    let traced = house.commands::<DeliverCallback>(uuid).await.remove(0).traceparent;
    assert_eq!(traced.as_deref(), Some(TRACE), "the trace of the request goes on");
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
    let told = house.peer.heard().pop().unwrap();
    assert_eq!((&*told.path, &told.body["reason"]), ("expiries", &json!("REQUEST-TIMEOUT")));
    house.some_rounds().await;
    house.callback(uuid).await; // still one
    assert_eq!(house.commands::<NotifyExpiry>(uuid).await.len(), 1);
    house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Error).await; // operators still see it
}

#[tokio::test]
async fn of_two_processes_one_ends_it_and_when_that_goes_the_other_does() {
    let (house, first, second) = (house().await, uuid(1), uuid(2));
    let other = house.another_process().await;
    for uuid in [first, second] {
        house.accept(uuid, KeyType::PerVasp).await;
    }
    house.panicked(first).await;
    house.clock.advance(DEADLINE);
    house.until_timed_out(first).await;
    house.some_rounds().await;
    house.callback(first).await;
    house.ctx.shutdown.begin();
    house.panicked(second).await;
    house.until_timed_out(second).await;
    house.callback(second).await;
    other.shutdown.begin();
}

#[tokio::test]
async fn what_is_not_ours_to_end_does_not_keep_the_others_from_it() {
    let (house, ours, theirs) = (house().await, uuid(1), uuid(2));
    house.accept(ours, KeyType::PerVasp).await;
    house.panicked(ours).await;
    let new = house.new_verification(theirs, KeyType::PerVasp);
    let new = NewVerification { originating_vasp_id: VaspId::new(4711), beneficiary_vasp_id: OURS, ..new };
    let insert = house.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
    assert!(insert.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    house.panicked(theirs).await; // the newer one is looked at first
    house.clock.advance(DEADLINE);
    house.until_timed_out(ours).await;
    assert_eq!(house.row(theirs).await.result, VerificationResult::Wait);
    assert!(house.commands::<DeliverCallback>(theirs).await.is_empty());
}

#[tokio::test]
async fn what_an_operator_hands_out_again_before_the_deadline_is_asked_as_ever() {
    let (house, uuid) = (house().await, uuid(1));
    house.accept(uuid, KeyType::PerVasp).await;
    house.panicked(uuid).await;
    house.some_rounds().await;
    house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
    let dead = house.commands::<VerifyCounterparty>(uuid).await.remove(0);
    let now = waybill_domain::Clock::now(&house.clock);
    waybill_bus::dead_letters::redrive(&house.ctx.store, dead.id, now).await.unwrap();
    assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified);
    house.clock.advance(DEADLINE);
    house.some_rounds().await;
    assert_eq!(house.row(uuid).await.result, VerificationResult::Verified);
    assert_eq!(house.callback(uuid).await.result.as_deref(), Some("VERIFIED"));
}
