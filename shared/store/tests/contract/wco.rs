//! World-Check requests and the cases of their persons.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_domain::{MatchStrength, ScreeningStatus};
use waybill_store::StoreError;
use waybill_store::tables::facts;
use waybill_store::tables::wco_cases::{self, EntityType, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco, Screened};

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

const MINUTE: Duration = Duration::from_secs(60);

fn screened() -> Screened {
    Screened {
        case_system_id: wide(128),
        summary_sealed: Some("k1.".to_owned() + &"x".repeat(70_000)),
        match_strength: Some(MatchStrength::Exact),
        total_matches: 12,
        assessed_at: Some(at(900)),
        at: at(1000),
    }
}

impl House {
    async fn screen(&self, worker: &str, said: Screened) -> Result<(), StoreError> {
        self.write((worker.to_owned(), said), |tx, (worker, said)| {
            Box::pin(wco_results::screened(tx, "wco-1", worker, said))
        })
        .await
    }
}

pub async fn a_request_is_found_as_it_was_stored(house: House) {
    let new = NewWco {
        counterparty_vasp_id: OTHER_PEER,
        key_id: None,
        traceparent: Some("00-a-b-01".to_owned()),
        ..wco(1)
    };
    assert!(house.add_wco(new.clone(), vec![]).await.unwrap());
    assert!(!house.add_wco(wco(1), vec![]).await.unwrap(), "an id is one request's");
    let row = house.wco(1).await;
    assert_eq!((row.verification_uuid, row.counterparty_vasp_id), (uuid(1), OTHER_PEER));
    assert_eq!((row.direction, row.origin, row.key_id), (new.direction, new.origin, None));
    assert_eq!((row.traceparent, row.created_at, row.updated_at), (new.traceparent, at(1), at(1)));
    assert_eq!(
        (row.status, row.case_system_id.as_str(), row.summary_sealed),
        (ScreeningStatus::Registered, "", None)
    );
    assert_eq!((row.match_strength, row.total_matches, row.attempts), (None, None, 0));
}

pub async fn each_person_has_a_case(house: House) {
    let organisation = WcoCase {
        entity_type: EntityType::Organisation,
        asked_sealed: "k1.".to_owned() + &"x".repeat(70_000),
        shares_case: Some("case-0-0".to_owned()),
        case_system_id: Some(wide(128)),
        status: ScreeningStatus::Checking,
        screening_requested_at: Some(at(4)),
        ..case(1, 1)
    };
    let cases = vec![case(1, 2), organisation.clone(), case(1, 0)];
    house.add_wco(wco(1), cases).await.unwrap();
    house.add_wco(wco(2), vec![case(2, 0)]).await.unwrap();
    assert_eq!(house.cases(1).await, [case(1, 0), organisation.clone(), case(1, 2)]);
    let ids = ["wco-2", "wco-1", "wco-9"].map(str::to_owned).to_vec();
    let both = house.read(ids, |tx, ids| Box::pin(wco_cases::of_requests(tx, ids))).await.unwrap();
    assert_eq!(both, [case(1, 0), organisation, case(1, 2), case(2, 0)]);
    for taken in [
        WcoCase { case_id: "case-1-0".to_owned(), ..case(3, 0) },
        WcoCase { case_id: "new".to_owned(), ..case(1, 0) },
    ] {
        let refused = house.add_wco(wco(3), vec![case(3, 1), taken]).await;
        assert!(matches!(refused, Err(StoreError::GuardLost(_))), "{refused:?}");
    }
    assert!(house.cases(3).await.is_empty(), "a name that is taken takes the rest along");
}

pub async fn what_becomes_of_a_case_is_kept(house: House) {
    house.add_wco(wco(1), vec![case(1, 0), case(1, 1)]).await.unwrap();
    let done = WcoCase {
        case_system_id: Some("system".to_owned()),
        status: ScreeningStatus::Processed,
        screening_requested_at: Some(at(5)),
        match_strength: Some(MatchStrength::Strong),
        total_matches: Some(3),
        summary_sealed: Some("k1.summary".to_owned()),
        assessed_at: Some(at(6)),
        ..case(1, 0)
    };
    let failed = WcoCase { status: ScreeningStatus::Error, reason: Some(wide(64)), ..case(1, 1) };
    for changed in [done.clone(), failed.clone()] {
        house.write(changed, |tx, case| Box::pin(wco_cases::update(tx, case, at(7)))).await.unwrap();
    }
    assert_eq!(house.cases(1).await, [done, failed]);
    for longer in [
        WcoCase { reason: Some(wide(65)), ..case(1, 0) },
        WcoCase { case_system_id: Some(wide(129)), ..case(1, 0) },
    ] {
        let refused = house.write(longer, |tx, case| Box::pin(wco_cases::update(tx, case, at(7)))).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
    }
}

pub async fn a_case_about_the_same_person_is_shared(house: House) {
    let open = |number| WcoCase {
        case_system_id: Some(format!("system-{number}")),
        screening_requested_at: Some(at(1)),
        status: ScreeningStatus::Checking,
        ..case(number, 0)
    };
    for case in [
        open(1),
        open(2),
        WcoCase { status: ScreeningStatus::Error, ..open(3) },
        WcoCase { shares_case: Some("case-2-0".to_owned()), ..open(4) },
        WcoCase { subject_fingerprint: "Fingerprint-0".to_owned(), ..open(5) },
    ] {
        let mut request = wco(0);
        request.request_id.clone_from(&case.request_id);
        house.add_wco(request, vec![case]).await.unwrap();
    }
    let sharable = async |since| {
        let found =
            house.read((), move |tx, ()| Box::pin(wco_cases::sharable(tx, "fingerprint-0", at(since))));
        found.await.unwrap().map(|case| case.case_id)
    };
    assert_eq!(sharable(0).await.as_deref(), Some("case-2-0"));
    assert_eq!(sharable(2).await.as_deref(), Some("case-2-0"), "as old as it may be");
    assert_eq!(sharable(3).await, None, "neither failed ones nor sharers nor those of others");
    let unknown = WcoCase { case_system_id: None, screening_requested_at: None, ..open(6) };
    house.add_wco(wco(6), vec![unknown]).await.unwrap();
    assert_eq!(sharable(3).await.as_deref(), Some("case-6-0"), "though the vendor does not know it yet");
}

pub async fn the_longest_due_comes_first_and_to_one_worker(house: House) {
    for (number, seconds) in [(1, 30), (2, 10), (3, 20)] {
        let lease = Some(("somebody".to_owned(), Duration::from_secs(seconds)));
        assert!(house.add_wco(NewWco { lease, ..wco(number) }, vec![]).await.unwrap());
    }
    assert!(house.claim_wco("a", MINUTE, 9, None).await.is_empty());
    let later = house.now().await + MINUTE;
    let first = house.claim_wco("a", MINUTE, 2, Some(later)).await;
    let ids: Vec<_> = first.iter().map(|row| (row.request_id.as_str(), row.attempts)).collect();
    assert_eq!(ids, [("wco-2", 1), ("wco-3", 1)]);
    let claimed = join_all((0..6).map(|_| house.claim_wco("b", MINUTE, 9, Some(later)))).await;
    assert_eq!(claimed.into_iter().flatten().map(|row| row.request_id).collect::<Vec<_>>(), ["wco-1"]);
    let again = house.claim_wco("c", MINUTE, 9, Some(later + MINUTE)).await;
    assert_eq!(again.len(), 3, "what dead workers had is due again");
    assert_eq!(house.wco(1).await.due_at, Some(later + 2 * MINUTE));
    let due = house.read((), |tx, ()| Box::pin(wco_results::due(tx))).await.unwrap();
    assert_eq!(due, (0, Duration::ZERO));
}

pub async fn a_lost_lease_changes_nothing_and_takes_the_rest_along(house: House) {
    house.add_wco(wco(1), vec![case(1, 0)]).await.unwrap();
    let now = house.now().await;
    house.claim_wco("slow", MINUTE, 1, Some(now + MINUTE)).await;
    house.claim_wco("quick", LONG, 1, Some(now + 2 * MINUTE)).await;
    let before = house.wco(1).await;
    for change in 0..5 {
        let lost = house.write(change, |tx, change| {
            Box::pin(async move {
                facts::put(tx, "of the slow one", "1", at(0)).await?;
                let changed = WcoCase { status: ScreeningStatus::Processed, ..case(1, 0) };
                wco_cases::update(tx, &changed, at(0)).await?;
                let (id, worker, again) = ("wco-1", "slow", Duration::ZERO);
                match change {
                    0 => wco_results::registered(tx, id, worker, "system", at(0), again).await,
                    1 => wco_results::later(tx, id, worker, again, Some(at(0))).await,
                    2 => wco_results::released(tx, id, worker, again, None).await,
                    3 => wco_results::screened(tx, id, worker, &screened()).await,
                    _ => wco_results::failed(tx, id, worker, "GONE", at(0)).await,
                }
            })
        });
        let lost = lost.await;
        assert!(matches!(lost, Err(StoreError::GuardLost(_))), "{change}: {lost:?}");
    }
    assert_eq!((house.wco(1).await, house.cases(1).await), (before, vec![case(1, 0)]));
    assert_eq!(house.read((), |tx, ()| Box::pin(facts::get(tx, "of the slow one"))).await.unwrap(), None);
}

pub async fn all_persons_are_screened_once(house: House) {
    house.add_wco(wco(1), vec![case(1, 0)]).await.unwrap();
    house.claim_wco("a", LONG, 1, None).await;
    assert_eq!(house.wco(1).await.status, ScreeningStatus::Registered);
    let registered = house.write((), |tx, ()| {
        Box::pin(wco_results::registered(tx, "wco-1", "a", "system", at(400), Duration::ZERO))
    });
    registered.await.unwrap();
    let row = house.wco(1).await;
    assert_eq!((row.case_system_id.as_str(), row.registered_at, row.attempts), ("system", Some(at(400)), 0));
    house.claim_wco("b", LONG, 1, None).await;
    assert_eq!(house.wco(1).await.status, ScreeningStatus::Checking);
    let results = join_all((0..20).map(|_| house.screen("b", screened()))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let (row, said) = (house.wco(1).await, screened());
    assert_eq!(
        (row.status, row.case_system_id, row.summary_sealed),
        (ScreeningStatus::Processed, said.case_system_id, said.summary_sealed)
    );
    assert_eq!((row.match_strength, row.total_matches), (said.match_strength, Some(12)));
    assert_eq!(
        (row.assessed_at, row.updated_at, row.due_at, row.worker_id),
        (said.assessed_at, said.at, None, None)
    );
    let failed =
        house.write((), |tx, ()| Box::pin(wco_results::failed(tx, "wco-1", "b", "GONE", at(0)))).await;
    assert!(matches!(failed, Err(StoreError::GuardLost(_))), "{failed:?}");
}

pub async fn what_could_not_be_asked_costs_no_look(house: House) {
    house.add_wco(wco(1), vec![]).await.unwrap();
    house.claim_wco("a", LONG, 1, None).await;
    let later =
        house.write((), |tx, ()| Box::pin(wco_results::later(tx, "wco-1", "a", Duration::ZERO, Some(at(3)))));
    later.await.unwrap();
    assert_eq!(house.claim_wco("b", LONG, 1, None).await[0].failing_since, Some(at(3)));
    let released = house.write((), |tx, ()| Box::pin(wco_results::released(tx, "wco-1", "b", LONG, None)));
    released.await.unwrap();
    let row = house.wco(1).await;
    assert_eq!((row.attempts, row.failing_since, row.worker_id), (1, None, None));
    assert!(house.claim_wco("c", LONG, 1, None).await.is_empty(), "not before its time");
}
