//! Ten thousand rows that became due during an outage, in time that the test turns, over a real database: several workers
//! take slots and rows step by step, and some of them die.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use waybill_domain::{
    Clock as _, Direction, Entropy, KytApiType, ScreeningOrigin, ScreeningStatus, SlotRule, Timestamp,
    VaspId, VerificationUuid,
};
use waybill_runtime::SystemClock;
use waybill_store::tables::kyt_results::{self, Assessed, KytRow, NewKyt};
use waybill_store::tables::vendor_limits::{self, VendorLimit, Wanted};
use waybill_store::{Store, StoreError};
use waybill_testkit::SeededEntropy;

use crate::support::{Database, SECOND};

const ROWS: usize = 10_000;
const LEASE: Duration = Duration::from_secs(60);
const PER_SECOND: u32 = 100;

fn new_row(number: usize, at: Timestamp) -> NewKyt {
    let mut uuid = [0; 16];
    uuid[..8].copy_from_slice(&(number as u64).to_be_bytes());
    NewKyt {
        request_id: format!("request-{number}"),
        verification_uuid: VerificationUuid::from_random(uuid),
        counterparty_vasp_id: VaspId::new(2),
        api_type: KytApiType::Transfer,
        user_id: "2".to_owned(),
        direction: Direction::Outgoing,
        network: Some("ETHEREUM".to_owned()),
        asset: "ETH".to_owned(),
        amount: "1".to_owned(),
        transfer_ref: None,
        output_address: None,
        address: "0x5811001506550d8356a215be229c15b6ef371a9b".to_owned(),
        timestamp: None,
        key_id: None,
        origin: ScreeningOrigin::Api,
        external_id: Some(format!("external-{number}")),
        registered_at: Some(at),
        shares_request: None,
        traceparent: None,
        created_at: at,
        lease: None,
    }
}

async fn fill(store: &Store, at: Timestamp) {
    for first in (0..ROWS).step_by(1000) {
        let written = store.write("test", first, move |tx, first| {
            Box::pin(async move {
                for number in *first..*first + 1000 {
                    assert!(kyt_results::insert(tx, &new_row(number, at)).await?);
                }
                Ok(())
            })
        });
        let () = written.await.map_err(|error: StoreError| error).unwrap();
    }
}

/// A worker between two of its steps: calls that it will make, at their slots.
struct Worker {
    token: String,
    calls: Vec<(i64, KytRow)>,
    next_step: Timestamp,
}

struct House {
    store: Store,
    limit: VendorLimit,
    /// When each call was made.
    called: Vec<i64>,
    /// How often each row came to its end.
    ended: HashMap<String, u32>,
}

impl House {
    /// Takes slots, and as many rows.
    async fn take(&self, worker: &mut Worker, now: Timestamp) {
        let work = (self.limit.clone(), worker.token.clone(), now);
        let taken = self.store.write("test", work, |tx, (limit, token, now)| {
            Box::pin(async move {
                let wanted = [Wanted { count: 64, within: SECOND }];
                let slots = vendor_limits::reserve_at(tx, limit, &wanted, *now).await?.slots;
                let count = u32::try_from(slots.len()).unwrap();
                let rows = kyt_results::claim(tx, token, LEASE, count, Some(*now)).await?;
                Ok::<_, StoreError>(slots.into_iter().zip(rows).collect::<Vec<_>>())
            })
        });
        worker.calls.extend(taken.await.unwrap());
    }

    /// Makes the calls whose time has come, somewhat late, and writes what they said.
    async fn call(&mut self, worker: &mut Worker, now: Timestamp, entropy: &dyn Entropy) {
        let (due, later) = std::mem::take(&mut worker.calls)
            .into_iter()
            .partition::<Vec<_>, _>(|(slot, _)| *slot <= now.timestamp_micros());
        worker.calls = later;
        for (slot, _) in &due {
            let late = entropy.below(self.limit.rule.usable_for().unsigned_abs() + 1);
            self.called.push(*slot + i64::try_from(late).unwrap());
        }
        let work = (worker.token.clone(), due.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), now);
        let ended = self.store.write("test", work, |tx, (token, rows, now)| {
            Box::pin(async move {
                for row in rows {
                    kyt_results::assessed(tx, &row.request_id, token, &assessed(*now)).await?;
                }
                Ok::<_, StoreError>(rows.iter().map(|row| row.request_id.clone()).collect::<Vec<_>>())
            })
        });
        for request_id in ended.await.unwrap() {
            *self.ended.entry(request_id).or_default() += 1;
        }
    }
}

fn assessed(at: Timestamp) -> Assessed {
    Assessed {
        network: None,
        asset: None,
        amount: None,
        usd_price: Some("1820.17".to_owned()),
        output_address: None,
        timestamp: None,
        alert_count: 0,
        assessed_at: Some(at),
        at,
        look_again: None,
    }
}

fn most_in_a_second(mut called: Vec<i64>) -> usize {
    called.sort_unstable();
    let mut behind = 0;
    let counts = called.iter().enumerate().map(|(at, time)| {
        while called[behind] <= time - 1_000_000 {
            behind += 1;
        }
        at - behind + 1
    });
    counts.max().unwrap_or(0)
}

#[tokio::test]
async fn ten_thousand_rows_are_drained_within_the_limit_each_once() {
    let database = Database::sqlite();
    let store = database.open().await;
    // Everything is due at the real time of now; the rest goes by time that is passed in, an hour later.
    fill(&store, SystemClock.now()).await;
    let begun = SystemClock.now() + Duration::from_secs(3600);
    let limit = VendorLimit {
        name: "vendor:1a2b3c4d".to_owned(),
        rule: SlotRule::new(PER_SECOND, SECOND),
        longest_pause: 600 * SECOND,
    };
    let mut house = House { store, limit, called: Vec::new(), ended: HashMap::new() };
    let entropy = SeededEntropy::new(42).shared();
    let worker =
        |number: u64| Worker { token: format!("worker-{number}"), calls: Vec::new(), next_step: begun };
    let mut workers: BTreeMap<u64, Worker> = (0..3).map(|number| (number, worker(number))).collect();
    let (mut now, mut started, mut lost) = (begun, 3, 0);
    while house.ended.len() < ROWS {
        let (number, at) =
            workers.iter().map(|(number, it)| (*number, it.next_step)).min_by_key(|it| it.1).unwrap();
        now = at;
        assert!(now < begun + Duration::from_secs(600), "{} of {ROWS}", house.ended.len());
        let mut worker_at_work = workers.remove(&number).unwrap();
        house.call(&mut worker_at_work, now, &*entropy).await;
        if entropy.below(150) == 0 {
            // It dies with rows in its hands; another one starts.
            lost += worker_at_work.calls.len();
            workers.insert(started, Worker { next_step: now, ..worker(started) });
            started += 1;
            continue;
        }
        house.take(&mut worker_at_work, now).await;
        worker_at_work.next_step = now + Duration::from_millis(200 + entropy.below(400));
        workers.insert(number, worker_at_work);
    }
    assert!(house.ended.values().all(|times| *times == 1), "each has one end");
    assert!(started > 3 && lost > 0, "some workers died");
    let most = most_in_a_second(house.called.clone());
    assert!(most <= PER_SECOND as usize, "{most} calls in a second");
    // Slots of the dead are lost, and their rows wait for the end of the lease.
    let took = (now - begun).to_std().unwrap();
    let needed = Duration::from_secs_f64((ROWS + lost) as f64 / (f64::from(PER_SECOND) * 0.95));
    assert!(took <= needed + LEASE + 5 * SECOND, "{took:?} for {needed:?}");
    let last = house.store.read("test", (), |tx, ()| Box::pin(kyt_results::find(tx, "request-9999")));
    assert_eq!(last.await.unwrap().unwrap().status, ScreeningStatus::Processed);
}
