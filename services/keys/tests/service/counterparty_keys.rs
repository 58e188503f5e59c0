//! Keys of counterparties.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::sync::Semaphore;
use waybill_bus::RequestHandler;
use waybill_crypto::EncryptionKeyPair;
use waybill_domain::{Clock as _, Fault, KeyType, codes};
use waybill_jobs::{CounterpartyKey, FetchKey, KeyAnswer, Request as _};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};
use waybill_vault::Vault;

use crate::support::{House, LIFETIMES, MINUTE, house, verification};

/// A question, and the address in it.
type Asked = (FetchKey, Option<String>);

/// The counterparties: each question gets a new key, good for as long as said.
#[derive(Clone)]
struct Peers {
    clock: MockClock,
    entropy: SeededEntropy,
    vault: Vault,
    lasts: Arc<Mutex<Duration>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// What they answer instead.
    instead: Arc<Mutex<Option<Result<KeyAnswer, Fault>>>>,
    gate: Arc<Semaphore>,
}

#[async_trait]
impl RequestHandler<FetchKey> for Peers {
    async fn answer(&self, request: FetchKey) -> Result<KeyAnswer, Fault> {
        let open = |sealed: &String| {
            self.vault.open_request(FetchKey::KIND, &request.request_id, sealed).unwrap().to_string()
        };
        let address = request.address_sealed.as_ref().map(open);
        self.asked.lock().unwrap().push((request, address));
        drop(self.gate.acquire().await);
        if let Some(instead) = self.instead.lock().unwrap().clone() {
            return instead;
        }
        let public = EncryptionKeyPair::generate(&self.entropy).public;
        let expires_at = self.clock.now() + *self.lasts.lock().unwrap();
        Ok(KeyAnswer { key_id: public.key_id(), public_key: public.to_string(), expires_at })
    }
}

impl Peers {
    fn of(house: &House) -> Self {
        let peers = Self {
            clock: house.clock.clone(),
            entropy: SeededEntropy::new(99),
            vault: house.vault.clone(),
            lasts: Arc::new(Mutex::new(60 * MINUTE)),
            asked: Arc::default(),
            instead: Arc::default(),
            gate: Arc::new(Semaphore::new(1000)),
        };
        house.bus.serve(peers.clone(), 1000);
        peers
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn answer_instead(&self, answer: Option<Result<KeyAnswer, Fault>>) {
        *self.instead.lock().unwrap() = answer;
    }
}

fn shared(house: &House, vasp: u64) -> CounterpartyKey {
    house.counterparty_key_request(vasp, KeyType::PerVasp, None)
}

fn refusing(key: &KeyAnswer, request: CounterpartyKey) -> CounterpartyKey {
    CounterpartyKey { refused_key_id: Some(key.key_id.clone()), ..request }
}

#[tokio::test]
async fn each_type_has_its_scope() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let peers = Peers::of(&house);
    let by_address = |address| house.counterparty_key_request(1, KeyType::PerAddress, Some(address));
    for request in [shared(&house, 1), shared(&house, 2), by_address("0x58"), by_address("0x5a")] {
        let key = house.ask(&request).await.unwrap();
        assert_eq!(house.ask(&request).await.unwrap(), key, "kept");
    }
    assert_eq!(peers.count(), 4);
    let fresh = CounterpartyKey {
        verification_uuid: Some(verification(1)),
        ..house.counterparty_key_request(1, KeyType::PerVerification, None)
    };
    assert_ne!(house.ask(&fresh).await.unwrap(), house.ask(&fresh).await.unwrap(), "never kept");
    let asked = peers.asked.lock().unwrap();
    let addresses: Vec<Option<&str>> = asked.iter().map(|(_, address)| address.as_deref()).collect();
    assert_eq!(addresses, [None, None, Some("0x58"), Some("0x5a"), None, None]);
    assert_eq!(asked[5].0.verification_uuid, Some(verification(1)));
}

#[tokio::test]
async fn a_hundred_who_ask_at_once_make_one_fetch() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let peers = Peers::of(&house);
    let request = shared(&house, 1);
    let first = join_all((0..100).map(|_| house.ask(&request))).await;
    assert_eq!(peers.count(), 1);
    assert!(first.iter().all(|key| key == &first[0] && key.is_ok()));
    let refused = refusing(first[0].as_ref().unwrap(), request);
    let second = join_all((0..100).map(|_| house.ask(&refused))).await;
    assert_eq!(peers.count(), 2);
    assert!(second.iter().all(|key| key == &second[0] && key != &first[0]));
}

#[tokio::test]
async fn a_failure_is_shared_and_not_kept() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let peers = Peers::of(&house);
    peers.answer_instead(Some(Err(codes::counterparty_unavailable())));
    let request = shared(&house, 1);
    let failed = join_all((0..100).map(|_| house.ask(&request))).await;
    assert_eq!(peers.count(), 1);
    assert!(failed.iter().all(|key| key == &Err(codes::counterparty_unavailable())));
    peers.answer_instead(None);
    assert!(house.ask(&request).await.is_ok());
}

#[tokio::test]
async fn a_slow_counterparty_keeps_nobody_else_waiting_and_its_key_is_kept_all_the_same() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let peers = Peers::of(&house);
    house.ask(&shared(&house, 2)).await.unwrap();
    let all = peers.gate.acquire_many(1000).await.unwrap();
    let impatient = house.bus.ask(&shared(&house, 1), Duration::from_millis(50)).await;
    assert_eq!(impatient.unwrap_err().code, "REQUEST-TIMEOUT");
    house.ask(&shared(&house, 2)).await.unwrap();
    drop(all);
    house.ask(&shared(&house, 1)).await.unwrap();
    assert_eq!(peers.count(), 2, "the second asker joined what the first had started");
}

#[tokio::test]
async fn a_key_is_used_for_its_owners_time_or_ours_whichever_is_shorter() {
    for (theirs, ours) in [(60 * MINUTE, LIFETIMES.ttl), (12 * MINUTE, 12 * MINUTE)] {
        let (folder, clock) = (TestFolder::new(), MockClock::default());
        let house = house(&folder, &clock, 1).await;
        let peers = Peers::of(&house);
        *peers.lasts.lock().unwrap() = theirs;
        let first = house.ask(&shared(&house, 1)).await.unwrap();
        assert_eq!(first.expires_at, clock.now() + ours);
        clock.advance(ours - MINUTE);
        assert_eq!(house.ask(&shared(&house, 1)).await.unwrap(), first);
        clock.advance(MINUTE);
        assert_ne!(house.ask(&shared(&house, 1)).await.unwrap().key_id, first.key_id);
        assert_eq!(peers.count(), 2);
    }
}

#[tokio::test]
async fn a_refused_key_is_fetched_anew_and_only_that_one() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let peers = Peers::of(&house);
    let old = house.ask(&shared(&house, 1)).await.unwrap();
    let new = house.ask(&refusing(&old, shared(&house, 1))).await.unwrap();
    assert_ne!(new.key_id, old.key_id);
    assert_eq!(house.ask(&refusing(&old, shared(&house, 1))).await.unwrap(), new, "not the cached one");
    assert_eq!(house.ask(&shared(&house, 1)).await.unwrap(), new);
    assert_eq!(peers.count(), 2);
}

#[tokio::test]
async fn the_next_process_uses_what_the_table_holds() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let before = house(&folder, &clock, 1).await;
    let peers = Peers::of(&before);
    let by_address = before.counterparty_key_request(1, KeyType::PerAddress, Some("0x58"));
    let kept = [before.ask(&shared(&before, 1)).await.unwrap(), before.ask(&by_address).await.unwrap()];
    let after = house(&folder, &clock, 2).await; // nobody answers FetchKey here
    let by_address = after.counterparty_key_request(1, KeyType::PerAddress, Some("0x58"));
    let found = [after.ask(&shared(&after, 1)).await.unwrap(), after.ask(&by_address).await.unwrap()];
    assert_eq!(found, kept);
    assert_eq!(peers.count(), 2);
    let refused = refusing(&kept[0], shared(&after, 1));
    assert_eq!(after.ask(&refused).await.unwrap_err().code, "SERVICE-UNAVAILABLE", "not from the table");
    clock.advance(LIFETIMES.ttl);
    assert_eq!(after.ask(&shared(&after, 1)).await.unwrap_err().code, "SERVICE-UNAVAILABLE", "expired");
}

#[tokio::test]
async fn an_answer_that_is_no_usable_key_is_refused_and_not_kept() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let peers = Peers::of(&house);
    let good = house.ask(&shared(&house, 2)).await.unwrap();
    for bad in [
        KeyAnswer { public_key: "AAAA".to_owned(), ..good.clone() },
        KeyAnswer { key_id: String::new(), ..good.clone() },
        KeyAnswer { key_id: "k".repeat(65), ..good.clone() },
        KeyAnswer { expires_at: clock.now(), ..good.clone() },
    ] {
        peers.answer_instead(Some(Ok(bad)));
        let refused = house.ask(&shared(&house, 1)).await.unwrap_err();
        assert_eq!(refused.code, "COUNTERPARTY-INVALID-ANSWER");
    }
    peers.answer_instead(None);
    assert!(house.ask(&shared(&house, 1)).await.is_ok());
}

#[tokio::test]
async fn a_request_without_an_address_is_refused() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let request = house.counterparty_key_request(1, KeyType::PerAddress, None);
    assert_eq!(house.ask(&request).await.unwrap_err().code, "MISSING-ADDRESS");
}
