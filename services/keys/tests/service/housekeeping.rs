//! What goes, and above all what stays.

use std::time::Duration;

use waybill_domain::{Clock as _, KeyType, Timestamp, VaspId};
use waybill_keys::{Cleaned, Housekeeping};
use waybill_runtime::Shutdown;
use waybill_store::StoreError;
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::tables::received_messages;
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
    let address = house.own_key(KeyType::PerAddress, Some("0x58")).await;
    clock.advance(24 * HOUR);
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
async fn messages_and_answers_go_after_a_day_however_many_they_are() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    remember(&house, "old", 1234, clock.now()).await;
    clock.advance(Duration::from_millis(1));
    remember(&house, "new", 3, clock.now()).await;
    clock.advance(24 * HOUR);
    let expected = Cleaned { own_keys: 0, received_messages: 1234, idempotency_keys: 1234 };
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
