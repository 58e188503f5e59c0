//! Our own pairs.

use std::collections::HashSet;

use futures_util::future::join_all;
use waybill_domain::{Clock as _, KeyType};
use waybill_testkit::{MockClock, TestFolder};

use crate::support::{HOUR, LIFETIMES, MINUTE, house, verification};

#[tokio::test]
async fn each_type_has_its_scope() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let shared = house.own_key(KeyType::PerVasp, None).await;
    assert_eq!(house.own_key(KeyType::PerVasp, None).await, shared);
    let one = house.own_key(KeyType::PerAddress, Some("0x58")).await;
    assert_eq!(house.own_key(KeyType::PerAddress, Some("0x58")).await, one);
    let other = house.own_key(KeyType::PerAddress, Some("0x5A")).await;
    let lower = house.own_key(KeyType::PerAddress, Some("0x5a")).await;
    let fresh = house.own_key(KeyType::PerVerification, None).await;
    let fresher = house.own_key(KeyType::PerVerification, None).await;
    let reply = house.reply_key(verification(1)).await;
    assert_eq!(house.reply_key(verification(1)).await, reply);
    let other_reply = house.reply_key(verification(2)).await;
    let all = [shared, one, other, lower, fresh, fresher, reply, other_reply];
    assert_eq!(all.iter().map(|key| &key.key_id).collect::<HashSet<_>>().len(), all.len());
}

#[tokio::test]
async fn a_pair_is_kept_sealed_under_its_identifier() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let cases = [
        (house.own_key(KeyType::PerVasp, None).await, Some("PerVasp".to_owned())),
        (house.own_key(KeyType::PerAddress, Some("0x58")).await, Some("0x58".to_owned())),
        (house.own_key(KeyType::PerVerification, None).await, None),
        (house.reply_key(verification(1)).await, Some(format!("reply:{}", verification(1)))),
    ];
    for (given, identifier) in cases {
        let kept = house.stored(&given.key_id).await.unwrap();
        assert_eq!(kept.key_identifier, identifier.unwrap_or(given.key_id.clone()));
        let private = house.vault.open_private_key(&kept.key_id, &kept.private_key_sealed).unwrap();
        assert_eq!(private.public().to_string(), given.public_key);
        assert!(!kept.private_key_sealed.contains(private.to_text().as_str()));
    }
}

#[tokio::test]
async fn a_pair_lasts_a_day_and_each_time_it_is_given_out_for_the_ttl() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let first = house.own_key(KeyType::PerVasp, None).await;
    assert_eq!(first.expires_at, clock.now() + LIFETIMES.ttl);
    clock.advance(24 * HOUR - MINUTE);
    let same = house.own_key(KeyType::PerVasp, None).await;
    assert_eq!(same.key_id, first.key_id);
    assert_eq!(same.expires_at, clock.now() + LIFETIMES.ttl);
    clock.advance(MINUTE);
    let next = house.own_key(KeyType::PerVasp, None).await;
    assert_ne!(next.key_id, first.key_id);
    assert_eq!(house.own_key(KeyType::PerVasp, None).await.key_id, next.key_id);
    let retired = house.stored(&first.key_id).await.unwrap();
    assert_eq!(retired.retired_at, Some(clock.now()), "and it still opens what is under way");
}

#[tokio::test]
async fn whoever_asks_at_once_gets_the_same_pair() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let processes = [house(&folder, &clock, 1).await, house(&folder, &clock, 2).await];
    for round in 0..2 {
        let asked = (0..40).map(|n| processes[n % 2].own_key(KeyType::PerAddress, Some("0x58")));
        let given: HashSet<String> = join_all(asked).await.into_iter().map(|key| key.key_id).collect();
        assert_eq!(given.len(), 1, "round {round}: made, then renewed");
        clock.advance(24 * HOUR);
    }
}

#[tokio::test]
async fn nobody_can_stop_a_renewal_by_taking_the_name_of_the_retired_pair() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let first = house.own_key(KeyType::PerAddress, Some("0x58")).await;
    house.own_key(KeyType::PerAddress, Some(&format!("0x58#{}", first.key_id))).await;
    clock.advance(24 * HOUR);
    assert_ne!(house.own_key(KeyType::PerAddress, Some("0x58")).await.key_id, first.key_id);
}

#[tokio::test]
async fn a_request_without_a_usable_address_is_refused() {
    let (folder, clock) = (TestFolder::new(), MockClock::default());
    let house = house(&folder, &clock, 1).await;
    let long = "x".repeat(257);
    for (address, code) in
        [(None, "MISSING-ADDRESS"), (Some(""), "INVALID-ADDRESS"), (Some(long.as_str()), "INVALID-ADDRESS")]
    {
        let request = house.own_key_request(KeyType::PerAddress, address);
        assert_eq!(house.ask(&request).await.unwrap_err().code, code, "{address:?}");
    }
    let mut moved = house.own_key_request(KeyType::PerAddress, Some("0x58"));
    moved.request_id = "r2".to_owned();
    assert_eq!(house.ask(&moved).await.unwrap_err().code, "INTERNAL-ERROR");
}
