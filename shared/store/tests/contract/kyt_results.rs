//! KYT requests: kept, leased, settled once.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_domain::{CommandId, Direction, KytApiType, ScreeningStatus};
use waybill_store::StoreError;
use waybill_store::tables::kyt_results::{self, Assessed, NewKyt, Registered};
use waybill_store::tables::{commands, facts};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

const MINUTE: Duration = Duration::from_secs(60);

/// A request whose every text is as long as it may be.
fn full() -> NewKyt {
    NewKyt {
        counterparty_vasp_id: OTHER_PEER,
        user_id: wide(128),
        network: Some(wide(128)),
        asset: wide(16),
        amount: "9".repeat(128),
        transfer_ref: Some(wide(1024)),
        output_address: Some(wide(512)),
        address: wide(512),
        external_id: Some(wide(128)),
        registered_at: Some(at(3)),
        shares_request: Some("kyt-0".to_owned()),
        ..kyt(1)
    }
}

pub async fn a_request_is_found_as_it_was_stored(house: House) {
    let attempt = NewKyt {
        api_type: KytApiType::Attempt,
        direction: Direction::Incoming,
        network: None,
        transfer_ref: None,
        output_address: None,
        timestamp: None,
        key_id: None,
        traceparent: None,
        ..kyt(2)
    };
    for (number, new) in [(1, full()), (2, attempt)] {
        assert!(house.add_kyt(new.clone()).await.unwrap());
        assert!(!house.add_kyt(new.clone()).await.unwrap(), "an id is one request's");
        let row = house.kyt(number).await;
        assert_eq!(
            (row.verification_uuid, row.counterparty_vasp_id),
            (uuid(number), new.counterparty_vasp_id)
        );
        assert_eq!((row.api_type, row.direction, row.origin), (new.api_type, new.direction, new.origin));
        assert_eq!((row.user_id, row.network, row.asset), (new.user_id, new.network, new.asset));
        assert_eq!((row.amount, row.usd_price, row.transfer_ref), (new.amount, None, new.transfer_ref));
        assert_eq!((row.output_address, row.address), (new.output_address, new.address));
        assert_eq!(
            (row.timestamp, row.key_id, row.traceparent),
            (new.timestamp, new.key_id, new.traceparent)
        );
        assert_eq!((row.external_id, row.registered_at), (new.external_id, new.registered_at));
        assert_eq!(
            (row.shares_request, row.created_at, row.updated_at),
            (new.shares_request, new.created_at, new.created_at)
        );
        assert_eq!((row.status, row.worker_id, row.alert_count), (ScreeningStatus::Registered, None, None));
        assert_eq!((row.attempts, row.late_checks, row.failing_since), (0, 0, None));
        assert!(row.due_at.is_some());
    }
}

pub async fn what_is_longer_than_its_column_is_refused(house: House) {
    let changes: [fn(&mut NewKyt); 8] = [
        |new| new.user_id = wide(129),
        |new| new.network = Some(wide(129)),
        |new| new.asset = wide(17),
        |new| new.amount = "9".repeat(129),
        |new| new.transfer_ref = Some(wide(1025)),
        |new| new.output_address = Some(wide(513)),
        |new| new.address = wide(513),
        |new| new.external_id = Some(wide(129)),
    ];
    for change in changes {
        let mut new = full();
        change(&mut new);
        let refused = house.add_kyt(new).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused { .. }), "{refused:?}");
    }
    assert!(house.add_kyt(full()).await.unwrap());
    house.claim_kyt("a", LONG, 1, None).await;
    let longer = Assessed { usd_price: Some("9".repeat(129)), ..assessed() };
    assert!(matches!(house.assess_kyt(1, "a", longer).await, Err(StoreError::Refused { .. })));
    house.assess_kyt(1, "a", Assessed { usd_price: Some("9".repeat(128)), ..assessed() }).await.unwrap();
}

pub async fn the_longest_due_comes_first(house: House) {
    for (number, seconds) in [(1, 30), (2, 10), (3, 20), (4, 4000)] {
        let lease = Some(("somebody".to_owned(), Duration::from_secs(seconds)));
        assert!(house.add_kyt(NewKyt { lease, ..kyt(number) }).await.unwrap());
    }
    assert!(house.claim_kyt("a", MINUTE, 9, None).await.is_empty(), "their adders have them");
    let later = house.now().await + MINUTE;
    let numbers =
        |rows: Vec<kyt_results::KytRow>| rows.into_iter().map(|row| row.request_id).collect::<Vec<_>>();
    let first = house.claim_kyt("a", MINUTE, 2, Some(later)).await;
    assert!(first.iter().all(|row| (row.attempts, row.worker_id.as_deref()) == (1, Some("a"))));
    assert_eq!(numbers(first), ["kyt-2", "kyt-3"]);
    assert_eq!(numbers(house.claim_kyt("b", MINUTE, 9, Some(later)).await), ["kyt-1"]);
    assert!(house.claim_kyt("c", MINUTE, 9, Some(later)).await.is_empty());
    let row = house.kyt(2).await;
    assert_eq!((row.last_checked_at, row.due_at), (Some(later), Some(later + MINUTE)));
    let again = house.claim_kyt("c", MINUTE, 9, Some(later + MINUTE)).await;
    assert_eq!(again.len(), 3, "what dead workers had is due again, and counts as tried twice");
    assert!(again.iter().all(|row| row.attempts == 2));
}

pub async fn concurrent_workers_never_get_the_same_request(house: House) {
    for number in 0..40 {
        assert!(house.add_kyt(registered_kyt(number, "e")).await.unwrap());
    }
    let (mut seen, second) =
        (Vec::new(), House { store: house.second_store().await, place: house.place.clone() });
    eventually("all are leased", SOON, async || {
        let workers = join_all((0..8).map(|number| {
            let house = if number % 2 == 0 { &house } else { &second };
            async move { house.claim_kyt(&format!("worker {number}"), LONG, 4, None).await }
        }));
        seen.extend(workers.await.into_iter().flatten().map(|row| row.id));
        (seen.len() >= 40).then_some(())
    })
    .await;
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 40, "none twice");
    assert!(house.claim_kyt("late", LONG, 9, None).await.is_empty());
    assert_eq!(house.kyt(3).await.status, ScreeningStatus::Checking);
    second.store.close().await;
}

pub async fn a_lost_lease_changes_nothing_and_takes_the_rest_along(house: House) {
    house.add_kyt(kyt(1)).await.unwrap();
    let now = house.now().await;
    house.claim_kyt("slow", MINUTE, 1, Some(now + MINUTE)).await;
    house.claim_kyt("quick", LONG, 1, Some(now + 2 * MINUTE)).await;
    let before = house.kyt(1).await;
    for change in 0..6 {
        let lost = house.write(change, |tx, change| {
            Box::pin(async move {
                facts::put(tx, "of the slow one", "1", at(0)).await?;
                commands::insert(tx, &command(i64::from(*change))).await?;
                let (id, worker, again) = ("kyt-1", "slow", Duration::ZERO);
                match change {
                    0 => kyt_results::registered(tx, id, worker, &taken_on("e"), again).await,
                    1 => kyt_results::later(tx, id, worker, again, Some(at(0))).await,
                    2 => kyt_results::released(tx, id, worker, again, None).await,
                    3 => kyt_results::assessed(tx, id, worker, &assessed()).await,
                    4 => kyt_results::looked_again(tx, id, worker, 9, None, at(0), None).await,
                    _ => kyt_results::failed(tx, id, worker, "GONE", at(0)).await,
                }
            })
        });
        let lost = lost.await;
        assert!(matches!(lost, Err(StoreError::GuardLost(_))), "{change}: {lost:?}");
    }
    assert_eq!(house.kyt(1).await, before);
    assert_eq!(house.read((), |tx, ()| Box::pin(facts::get(tx, "of the slow one"))).await.unwrap(), None);
    for change in 0..6 {
        let id: CommandId = command(change).id;
        let found = house.read(id, |tx, id| Box::pin(commands::find(tx, *id))).await.unwrap();
        assert!(found.is_none(), "no callback tells of what was not done");
    }
    house.assess_kyt(1, "quick", assessed()).await.unwrap();
}

pub async fn exactly_one_of_many_results_counts(house: House) {
    house.add_kyt(registered_kyt(1, "e")).await.unwrap();
    house.claim_kyt("a", LONG, 1, None).await;
    let results = join_all((0..30).map(|number| {
        let said = Assessed { alert_count: number, ..assessed() };
        house.assess_kyt(1, "a", said)
    }))
    .await;
    let winner = results.iter().position(Result::is_ok).unwrap();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(
        results
            .iter()
            .filter_map(|result| result.as_ref().err())
            .all(|error| matches!(error, StoreError::GuardLost(_)))
    );
    let (row, said) = (house.kyt(1).await, assessed());
    assert_eq!((row.status, row.alert_count), (ScreeningStatus::Processed, u32::try_from(winner).ok()));
    assert_eq!((row.network, Some(row.asset), Some(row.amount)), (said.network, said.asset, said.amount));
    assert_eq!((row.usd_price, row.output_address), (said.usd_price, said.output_address));
    assert_eq!((row.timestamp, row.assessed_at, row.updated_at), (said.timestamp, said.assessed_at, said.at));
    assert_eq!((row.worker_id, row.due_at, row.attempts), (None, None, 0));
    assert_eq!(row.address, kyt(1).address, "the verification's own spelling stays");
}

pub async fn what_the_vendor_does_not_repeat_stays(house: House) {
    house.add_kyt(kyt(1)).await.unwrap();
    house.claim_kyt("a", LONG, 1, None).await;
    let said = Assessed {
        network: None,
        asset: None,
        amount: None,
        usd_price: None,
        output_address: None,
        timestamp: None,
        assessed_at: None,
        alert_count: 0,
        ..assessed()
    };
    house.assess_kyt(1, "a", said).await.unwrap();
    let (row, new) = (house.kyt(1).await, kyt(1));
    assert_eq!((row.network, row.asset, row.amount), (new.network, new.asset, new.amount));
    assert_eq!((row.output_address, row.timestamp), (new.output_address, new.timestamp));
    assert_eq!((row.usd_price, row.alert_count, row.assessed_at), (None, Some(0), None));
}

pub async fn a_result_never_goes_back(house: House) {
    house.add_kyt(registered_kyt(1, "e")).await.unwrap();
    house.claim_kyt("a", LONG, 1, None).await;
    house.assess_kyt(1, "a", Assessed { look_again: Some(Duration::ZERO), ..assessed() }).await.unwrap();
    let again = house.claim_kyt("b", LONG, 1, None).await;
    assert_eq!(again[0].status, ScreeningStatus::Processed);
    for change in 0..3 {
        let refused = house.write(change, |tx, change| {
            Box::pin(async move {
                match change {
                    0 => kyt_results::registered(tx, "kyt-1", "b", &taken_on("other"), LONG).await,
                    1 => kyt_results::assessed(tx, "kyt-1", "b", &assessed()).await,
                    _ => kyt_results::failed(tx, "kyt-1", "b", "GONE", at(0)).await,
                }
            })
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(StoreError::GuardLost(_))), "{change}: {refused:?}");
    }
    let later = house.write((), |tx, ()| Box::pin(kyt_results::later(tx, "kyt-1", "b", LONG, Some(at(7)))));
    later.await.unwrap();
    let row = house.kyt(1).await;
    assert_eq!((row.status, row.external_id.as_deref()), (ScreeningStatus::Processed, Some("e")));
    assert_eq!((row.failing_since, row.alert_count), (Some(at(7)), Some(2)));
}

pub async fn an_error_is_the_end(house: House) {
    house.add_kyt(kyt(1)).await.unwrap();
    house.claim_kyt("a", LONG, 1, None).await;
    let failed = house
        .write((), |tx, ()| Box::pin(kyt_results::failed(tx, "kyt-1", "a", "VENDOR-UNAVAILABLE", at(8))));
    failed.await.unwrap();
    let row = house.kyt(1).await;
    assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Error, Some("VENDOR-UNAVAILABLE")));
    assert_eq!((row.due_at, row.worker_id, row.updated_at), (None, None, at(8)));
    let far = house.now().await + 1000 * LONG;
    assert!(house.claim_kyt("b", LONG, 9, Some(far)).await.is_empty());
    assert!(matches!(house.assess_kyt(1, "a", assessed()).await, Err(StoreError::GuardLost(_))));
}

pub async fn a_registration_begins_the_looks_anew(house: House) {
    house.add_kyt(NewKyt { lease: Some(("a".to_owned(), LONG)), ..kyt(1) }).await.unwrap();
    let write = async |change: u32| {
        let done = house.write(change, |tx, change| {
            Box::pin(async move {
                match change {
                    0 => kyt_results::later(tx, "kyt-1", "a", Duration::ZERO, Some(at(1))).await,
                    1 => kyt_results::registered(tx, "kyt-1", "b", &taken_on("e"), Duration::ZERO).await,
                    2 => kyt_results::later(tx, "kyt-1", "c", Duration::ZERO, None).await,
                    _ => kyt_results::released(tx, "kyt-1", "d", LONG, None).await,
                }
            })
        });
        done.await.unwrap();
        house.kyt(1).await
    };
    let row = write(0).await;
    assert_eq!((row.failing_since, row.worker_id, row.attempts), (Some(at(1)), None, 0));
    let claimed = house.claim_kyt("b", LONG, 1, None).await;
    assert_eq!((claimed[0].attempts, claimed[0].failing_since), (1, Some(at(1))));
    assert_eq!(
        house.kyt(1).await.status,
        ScreeningStatus::Registered,
        "nothing to check before it is registered"
    );
    let row = write(1).await;
    assert_eq!(
        (row.external_id.as_deref(), row.registered_at, row.updated_at),
        (Some("e"), Some(at(500)), at(500))
    );
    assert_eq!((row.failing_since, row.attempts, row.status), (None, 0, ScreeningStatus::Registered));
    assert_eq!(row.network, kyt(1).network, "the vendor named none");
    house.claim_kyt("c", LONG, 1, None).await;
    assert_eq!(house.kyt(1).await.status, ScreeningStatus::Checking);
    assert_eq!(write(2).await.attempts, 1);
    house.claim_kyt("d", LONG, 1, None).await;
    let row = write(3).await;
    assert_eq!(
        (row.attempts, row.status),
        (1, ScreeningStatus::Checking),
        "it could not be asked: no look counts"
    );
    assert!(house.claim_kyt("e", LONG, 1, None).await.is_empty(), "not before its time");
}

pub async fn what_the_vendor_names_at_the_registration_is_kept(house: House) {
    for number in [1, 2] {
        house.add_kyt(NewKyt { lease: Some(("a".to_owned(), LONG)), ..kyt(number) }).await.unwrap();
    }
    let named = Registered {
        network: Some("Bitcoin".to_owned()),
        key_id: Some("99887766".to_owned()),
        shares_request: Some("kyt-1".to_owned()),
        ..taken_on("e")
    };
    let both = house.write([taken_on("e"), named], |tx, [bare, named]| {
        Box::pin(async move {
            kyt_results::registered(tx, "kyt-1", "a", bare, LONG).await?;
            kyt_results::registered(tx, "kyt-2", "a", named, LONG).await
        })
    });
    both.await.unwrap();
    let (bare, named, new) = (house.kyt(1).await, house.kyt(2).await, kyt(1));
    assert_eq!((bare.network, bare.key_id, bare.shares_request), (new.network, new.key_id, None));
    assert_eq!((named.network.as_deref(), named.key_id.as_deref()), (Some("Bitcoin"), Some("99887766")));
    assert_eq!(named.shares_request.as_deref(), Some("kyt-1"));
}

pub async fn late_looks_are_counted_and_end(house: House) {
    house.add_kyt(registered_kyt(1, "e")).await.unwrap();
    house.claim_kyt("a", LONG, 1, None).await;
    let soon = Assessed { look_again: Some(Duration::from_secs(100)), ..assessed() };
    let before = house.now().await;
    house.assess_kyt(1, "a", soon).await.unwrap();
    assert!(house.kyt(1).await.due_at.unwrap() >= before + Duration::from_secs(100));
    assert!(house.claim_kyt("b", LONG, 1, None).await.is_empty(), "after 100 seconds");
    let mut then = house.now().await + Duration::from_secs(101);
    for (count, next) in [(3, Some(Duration::from_secs(7000))), (4, None)] {
        assert_eq!(house.claim_kyt("b", LONG, 1, Some(then)).await.len(), 1);
        let looked = house.write((count, next), |tx, (count, next)| {
            Box::pin(kyt_results::looked_again(tx, "kyt-1", "b", *count, None, at(2000), *next))
        });
        looked.await.unwrap();
        then += Duration::from_secs(7000);
    }
    let (row, said) = (house.kyt(1).await, assessed());
    assert_eq!((row.late_checks, row.alert_count, row.due_at), (2, Some(4), None));
    assert_eq!((row.assessed_at, row.updated_at), (said.assessed_at, at(2000)));
    assert_eq!(row.status, ScreeningStatus::Processed);
}

pub async fn a_registration_of_the_same_is_shared(house: House) {
    let shares = NewKyt { shares_request: Some("kyt-2".to_owned()), ..registered_kyt(4, "e2") };
    for new in [kyt(1), registered_kyt(2, "e2"), registered_kyt(3, "e3"), shares] {
        assert!(house.add_kyt(new).await.unwrap());
    }
    let failed = house.write((), |tx, ()| {
        Box::pin(async move {
            kyt_results::claim(tx, "a", LONG, 9, None).await?;
            kyt_results::failed(tx, "kyt-3", "a", "GONE", at(9)).await
        })
    });
    failed.await.unwrap();
    let sharable = async |new: NewKyt, since| {
        let found = house.read(new, move |tx, new| Box::pin(kyt_results::sharable(tx, new, at(since))));
        found.await.unwrap().map(|row| row.request_id)
    };
    assert_eq!(
        sharable(kyt(9), 0).await.as_deref(),
        Some("kyt-2"),
        "not the failed, unregistered, shared ones"
    );
    assert_eq!(sharable(kyt(9), 2).await.as_deref(), Some("kyt-2"));
    assert_eq!(sharable(kyt(9), 3).await, None, "too old");
    let spelled = NewKyt { network: Some("ETHEREUM".to_owned()), ..kyt(9) };
    assert_eq!(sharable(spelled, 0).await.as_deref(), Some("kyt-2"));
    let others: [fn(&mut NewKyt); 8] = [
        |new| new.network = None,
        |new| new.transfer_ref = Some("0xHash:0xOther".to_owned()),
        |new| new.address = "0xbeneficiary".to_owned(),
        |new| new.api_type = KytApiType::Attempt,
        |new| new.user_id = OTHER_PEER.to_string(),
        |new| new.direction = Direction::Incoming,
        |new| new.asset = "eth".to_owned(),
        |new| new.amount = "1.5".to_owned(),
    ];
    for other in others {
        let mut new = kyt(9);
        other(&mut new);
        assert_eq!(sharable(new, 0).await, None);
    }
}

pub async fn what_is_due_is_counted(house: House) {
    let due = async || house.read((), |tx, ()| Box::pin(kyt_results::due(tx))).await.unwrap();
    assert_eq!(due().await, (0, Duration::ZERO));
    for number in 0..3 {
        house.add_kyt(kyt(number)).await.unwrap();
    }
    house.add_kyt(NewKyt { lease: Some(("a".to_owned(), LONG)), ..kyt(3) }).await.unwrap();
    eventually("time passes", SOON, async || {
        let (count, age) = due().await;
        assert!(count == 3 && age < SOON, "{count} {age:?}");
        (!age.is_zero()).then_some(())
    })
    .await;
    house.claim_kyt("a", LONG, 9, None).await;
    assert_eq!(due().await, (0, Duration::ZERO));
}
