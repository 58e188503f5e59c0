//! What goes, and above all what stays.

use std::time::Duration;

use waybill_domain::{Clock as _, KeyType, Timestamp, VaspId};
use waybill_jobs::NotifyExpiry;
use waybill_keys::{Cleaned, Housekeeping};
use waybill_runtime::Shutdown;
use waybill_store::StoreError;
use waybill_store::tables::counter_party_keys::{self, CounterPartyKey};
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::tables::{commands, received_messages};
use waybill_testkit::{MockClock, TestFolder, eventually};

use crate::support::{HOUR, House, LIFETIMES, MINUTE, house, verification};

fn housekeeping(house: &House, token: &str) -> Housekeeping {
    Housekeeping {
        store: house.store.clone(),
        clock: house.clock.shared(),
        token: token.to_owned(),
        lifetimes: LIFETIMES,
        keep_idempotency_keys: 24 * HOUR,
    }
}

/// So many messages that were seen, and answers that were kept, at a time.
async fn remember(house: &House, prefix: &'static str, count: usize, at: Timestamp) {
    let kept = house.store.write("test", (prefix, count, at), |tx, (prefix, count, at)| {
        Box::pin(async move {
            let answer = KeptAnswer { request_digest: String::new(), status: 200, body: String::new() };
            for n in 0..*count {
                let id = format!("{prefix}{n}");
                received_messages::insert(tx, VaspId::new(1), &id, "digest", *at).await?;
                idempotency::insert(tx, "scope", &id, &answer, *at).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    kept.await.unwrap();
}

async fn remembers(house: &House, id: &'static str) -> (bool, bool) {
    let found = house.store.read("test", id, |tx, id| {
        Box::pin(async move {
            let message = received_messages::find(tx, VaspId::new(1), id).await?;
            let answer = idempotency::find(tx, "scope", id).await?;
            Ok::<_, StoreError>((message.is_some(), answer.is_some()))
        })
    });
    found.await.unwrap()
}

#[tokio::test]
async fn keys_stay_as_long_as_something_sealed_to_them_can_come() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let work = housekeeping(&house, "one");
    let old = house.own_key(KeyType::PerVasp, None).await;
    clock.advance(24 * HOUR);
    let address = house.own_key(KeyType::PerAddress, Some("0x58")).await;
    let new = house.own_key(KeyType::PerVasp, None).await;
    let single = house.own_key(KeyType::PerVerification, None).await;
    let reply = house.reply_key(verification(1)).await;

    clock.advance(LIFETIMES.ttl + LIFETIMES.deadline + 5 * MINUTE);
    assert_eq!(work.clean().await.unwrap().unwrap().own_keys, 0);
    assert!(house.stored(&old.key_id).await.is_some());
    clock.advance(Duration::from_millis(1));
    assert_eq!(work.clean().await.unwrap().unwrap().own_keys, 3);
    for (key, stays) in [(&old, false), (&single, false), (&reply, false), (&new, true), (&address, true)] {
        assert_eq!(house.stored(&key.key_id).await.is_some(), stays, "{key:?}");
    }
}

#[tokio::test]
async fn keys_for_addresses_that_nobody_asks_about_again_go_however_many_they_are() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let work = housekeeping(&house, "one");
    let first = house.own_key(KeyType::PerAddress, Some("0x0")).await;
    for number in 1..1100 {
        house.own_key(KeyType::PerAddress, Some(&format!("0x{number}"))).await;
    }
    // Until then it was given out; whoever got it last may use it a little longer.
    clock.advance(24 * HOUR - Duration::from_millis(1));
    assert_eq!(house.own_key(KeyType::PerAddress, Some("0x0")).await.key_id, first.key_id);
    clock.advance(LIFETIMES.ttl + LIFETIMES.deadline + 5 * MINUTE + Duration::from_millis(1));
    assert_eq!(work.clean().await.unwrap().unwrap().own_keys, 0);
    clock.advance(Duration::from_millis(1));
    assert_eq!(work.clean().await.unwrap().unwrap().own_keys, 1100);
    assert!(house.stored(&first.key_id).await.is_none());
}

#[tokio::test]
async fn keys_of_counterparties_go_when_they_expire_and_commands_a_month_after_they_were_done() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let work = housekeeping(&house, "one");
    let key = CounterPartyKey {
        key_type: KeyType::PerVasp,
        vasp_id: VaspId::new(7),
        key_identifier: "7".to_owned(),
        key_id: "k".to_owned(),
        public_key: "public".to_owned(),
        created_at: clock.now(),
        expires_at: clock.now() + HOUR,
    };
    let command = house.bus.command(&NotifyExpiry { verification_uuid: verification(1) }).in_group("g");
    let added = house.store.write("test", (key, command), |tx, (key, command)| {
        Box::pin(async move {
            counter_party_keys::put(tx, key).await?;
            commands::insert(tx, command).await?;
            commands::finish_group(tx, command.kind, "g").await?;
            Ok(commands::find(tx, command.id).await?.and_then(|done| done.finished_at))
        })
    });
    let done: Result<_, StoreError> = added.await;
    let done = done.unwrap().unwrap();
    clock.advance(HOUR);
    assert_eq!(work.clean().await.unwrap().unwrap(), Cleaned::default());
    clock.advance(Duration::from_millis(1));
    let expected = Cleaned { counter_party_keys: 1, ..Cleaned::default() };
    assert_eq!(work.clean().await.unwrap().unwrap(), expected);
    clock.set(done + 30 * 24 * HOUR); // by the database's clock, which does not stand still
    assert_eq!(work.clean().await.unwrap().unwrap().commands, 0);
    clock.advance(Duration::from_millis(1));
    assert_eq!(work.clean().await.unwrap().unwrap().commands, 1);
}

#[tokio::test]
async fn messages_and_answers_go_after_a_day_however_many_they_are() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    remember(&house, "old", 1234, clock.now()).await;
    clock.advance(Duration::from_millis(1));
    remember(&house, "new", 3, clock.now()).await;
    clock.advance(24 * HOUR);
    let expected = Cleaned { received_messages: 1234, idempotency_keys: 1234, ..Cleaned::default() };
    assert_eq!(housekeeping(&house, "one").clean().await.unwrap(), Some(expected));
    assert_eq!(remembers(&house, "old7").await, (false, false));
    assert_eq!(remembers(&house, "new2").await, (true, true));
}

#[tokio::test]
async fn one_process_does_it_for_all() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let (one, two) = (housekeeping(&house, "one"), housekeeping(&house, "two"));
    assert!(one.clean().await.unwrap().is_some());
    assert_eq!(two.clean().await.unwrap(), None);
    assert!(one.clean().await.unwrap().is_some());
}

#[tokio::test]
async fn it_starts_at_once_and_ends_when_asked() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    remember(&house, "old", 1, clock.now()).await;
    clock.advance(25 * HOUR);
    let shutdown = Shutdown::new(HOUR);
    let running = tokio::spawn(housekeeping(&house, "one").run(shutdown.clone()));
    eventually("the old ones are gone", Duration::from_secs(10), async || {
        (remembers(&house, "old0").await == (false, false)).then_some(())
    })
    .await;
    shutdown.begin();
    running.await.unwrap();
}
