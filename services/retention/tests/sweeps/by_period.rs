//! What goes after a fixed time, whatever is set for verifications.

use std::time::Duration;

use waybill_domain::{Clock as _, KeyType, Timestamp, VaspId};
use waybill_retention::Tally;
use waybill_store::StoreError;
use waybill_store::tables::counter_party_keys::{self, CounterPartyKey};
use waybill_store::tables::idempotency::{self, KeptAnswer};
use waybill_store::tables::own_keys::{self, OwnKey};
use waybill_store::tables::received_messages;

use crate::support::*;

const MOMENT: Duration = Duration::from_millis(1);

async fn own_key(house: &House, key_type: KeyType, key_id: &str, created_at: Timestamp) {
    let key = OwnKey {
        key_type,
        key_identifier: key_id.to_owned(),
        key_id: key_id.to_owned(),
        public_key: "public".to_owned(),
        private_key_sealed: "sealed".to_owned(),
        created_at,
        retired_at: None,
    };
    assert!(house.write(key, |tx, key| Box::pin(own_keys::insert(tx, key))).await);
}

async fn has_key(house: &House, key_id: &'static str) -> bool {
    let found: Result<_, StoreError> =
        house.store.read("test", (), |tx, ()| Box::pin(own_keys::by_key_id(tx, key_id))).await;
    found.unwrap().is_some()
}

#[tokio::test]
async fn keys_stay_as_long_as_something_sealed_to_them_can_come() {
    let house = House::new().await;
    let now = house.clock.now();
    own_key(&house, KeyType::PerVasp, "old", now).await;
    own_key(&house, KeyType::PerVerification, "single", now).await;
    own_key(&house, KeyType::PerAddress, "address", now).await;
    house.write(now, |tx, at| Box::pin(own_keys::retire(tx, "old", *at))).await;
    own_key(&house, KeyType::PerVasp, "new", now).await;
    let longest = KEYS.ttl + KEYS.deadline + 5 * MINUTE;
    house.clock.advance(longest);
    assert!(house.sweep(None).await.is_empty());
    house.clock.advance(MOMENT);
    assert_eq!(house.sweep(None).await, Tally::of("own_keys", 2));
    assert!(
        has_key(&house, "new").await && has_key(&house, "address").await && !has_key(&house, "single").await
    );
    house.clock.advance(DAY - MOMENT);
    assert!(house.sweep(None).await.is_empty(), "an address that may have been given out until now");
    house.clock.advance(MOMENT);
    assert_eq!(house.sweep(None).await, Tally::of("own_keys", 1));
    assert!(has_key(&house, "new").await);
}

#[tokio::test]
async fn keys_of_counterparties_go_when_they_expire() {
    let house = House::new().await;
    let key = CounterPartyKey {
        key_type: KeyType::PerVasp,
        vasp_id: VaspId::new(7),
        key_identifier: "7".to_owned(),
        key_id: "k".to_owned(),
        public_key: "public".to_owned(),
        created_at: house.clock.now(),
        expires_at: house.clock.now() + HOUR,
    };
    house.write(key, |tx, key| Box::pin(counter_party_keys::put(tx, key))).await;
    house.clock.advance(HOUR);
    assert!(house.sweep(None).await.is_empty());
    house.clock.advance(MOMENT);
    assert_eq!(house.sweep(None).await, Tally::of("counter_party_keys", 1));
}

#[tokio::test]
async fn messages_and_kept_answers_go_after_a_day_however_many_they_are() {
    let house = House::new().await;
    let remember = async |prefix: &'static str, count: u32, at| {
        house
            .write((prefix, count, at), |tx, (prefix, count, at)| {
                Box::pin(async move {
                    let answer =
                        KeptAnswer { request_digest: String::new(), status: 200, body: String::new() };
                    for n in 0..*count {
                        let id = format!("{prefix}{n}");
                        received_messages::insert(tx, VaspId::new(1), &id, "digest", *at).await?;
                        idempotency::insert(tx, "scope", &id, &answer, *at).await?;
                    }
                    Ok(())
                })
            })
            .await;
    };
    remember("old", 1234, house.clock.now()).await;
    house.clock.advance(MOMENT);
    remember("new", 3, house.clock.now()).await;
    house.clock.advance(DAY);
    let mut expected = Tally::of("received_messages", 1234);
    expected.add("idempotency_keys", 1234);
    assert_eq!(house.sweep(None).await, expected);
    let seen = house.store.read("test", (), |tx, ()| {
        Box::pin(async move {
            let old = received_messages::find(tx, VaspId::new(1), "old7").await?;
            let new = received_messages::find(tx, VaspId::new(1), "new2").await?;
            Ok::<_, StoreError>((old.is_some(), new.is_some()))
        })
    });
    assert_eq!(seen.await.unwrap(), (false, true));
}

/// They were finished just now by the database's clock, so the period says whether they are old.
#[tokio::test]
async fn done_commands_go_after_their_period_also_without_the_setting_for_verifications() {
    let house = House::new().await;
    house.closed(1, 3, house.clock.now()).await;
    house.clock.set(Timestamp::MAX_UTC - 2 * DAY);
    assert!(house.sweep(None).await.is_empty());
    let mut process = house.process("one", None);
    process.periods.done_commands = Duration::ZERO;
    let waited =
        waybill_testkit::eventually("some time has passed", Duration::from_secs(10), async || match process
            .sweep(true)
            .await
            .unwrap()
        {
            waybill_retention::Sweep::Done(deleted) if !deleted.is_empty() => Some(deleted),
            _ => None,
        });
    assert_eq!(waited.await, Tally::of("commands", 3));
    assert!(house.is_there(1).await, "the verification stays");
}
