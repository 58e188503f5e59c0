//! Guarded changes: the domain's table and the row's state decide, however many try at once.

use futures_util::future::join_all;
use waybill_domain::{Event, ReportedError, VerificationResult, VerificationState, apply};
use waybill_domain::{Timestamp, Verdict};
use waybill_store::tables::verifications::{Change, VerificationRow};

use crate::house::House;
use crate::samples::*;

const EVENTS: [Event; 9] = [
    Event::Answered(Verdict::Verified),
    Event::Answered(Verdict::Denied),
    Event::Answered(Verdict::Error),
    Event::AccountNotMatched,
    Event::DeadlinePassed,
    Event::OriginatorGaveUp,
    Event::TransactionReported,
    Event::ErrorReported(ReportedError::Denied),
    Event::ErrorReported(ReportedError::Error),
];

const STATES: [VerificationState; 5] = [
    VerificationState::WAIT,
    VerificationState::VERIFIED,
    VerificationState::VERIFIED_WITH_TRANSACTION,
    VerificationState::of(VerificationResult::Denied),
    VerificationState::of(VerificationResult::Error),
];

/// Everything that a change can store.
fn full_change(mark: &str, time: Timestamp) -> Change {
    Change {
        reason: Some(format!("reason {mark}")),
        message_sealed: Some(format!("message {mark}")),
        beneficiary_sealed: Some(format!("beneficiary {mark}")),
        verified_at: Some(time),
        transaction: None,
        ordered_at: Some(time),
        error_reported_at: Some(time),
    }
}

fn with_transaction(event: Event, change: Change) -> Change {
    let transaction =
        (event == Event::TransactionReported).then(|| ("0xHASH".to_owned(), Some("1".to_owned())));
    Change { transaction, ..change }
}

fn contents(row: &VerificationRow) -> String {
    let times = (row.verified_at, row.ordered_at, row.error_reported_at);
    let texts = (&row.reason, &row.message_sealed, &row.beneficiary_sealed, &row.tx_hash, &row.vout);
    format!("{} {times:?} {texts:?}", row.state())
}

impl House {
    /// Brings a new verification into a state by legal changes.
    async fn bring(&self, number: u32, state: VerificationState) {
        self.add(vec![verification(number)]).await;
        let events: &[Event] = match state {
            VerificationState::WAIT => &[],
            VerificationState::VERIFIED => &[EVENTS[0]],
            VerificationState::VERIFIED_WITH_TRANSACTION => &[EVENTS[0], Event::TransactionReported],
            state if state.result == VerificationResult::Denied => &[EVENTS[1]],
            _ => &[EVENTS[2]],
        };
        let mut at = VerificationState::WAIT;
        for event in events {
            assert!(
                self.advance(uuid(number), at, *event, with_transaction(*event, Change::default())).await
            );
            at = apply(at, *event).unwrap();
        }
        assert_eq!(self.find(uuid(number)).await.unwrap().state(), state);
    }
}

pub async fn each_event_in_each_state_does_what_the_table_says(house: House) {
    let mut number = 0;
    for state in STATES {
        for event in EVENTS {
            number += 1;
            house.bring(number, state).await;
            let before = contents(&house.find(uuid(number)).await.unwrap());
            let change = with_transaction(event, full_change("new", at(9)));
            let changed = house.advance(uuid(number), state, event, change).await;
            let row = house.find(uuid(number)).await.unwrap();
            match apply(state, event) {
                Ok(to) => {
                    assert!(changed, "{state}, {event}");
                    assert_eq!(row.state(), to, "{state}, {event}");
                    assert_eq!(row.reason.as_deref(), Some("reason new"));
                    assert_eq!((row.verified_at, row.ordered_at), (Some(at(9)), Some(at(9))));
                }
                Err(_) => {
                    assert!(!changed, "{state}, {event}");
                    assert_eq!(contents(&row), before, "{state}, {event}");
                }
            }
        }
    }
}

/// The caller read another state than the row has now: the change is legal there, but not made.
pub async fn a_change_from_another_state_than_the_rows_changes_nothing(house: House) {
    for (number, state) in (1..).zip(STATES) {
        house.bring(number, state).await;
        let before = contents(&house.find(uuid(number)).await.unwrap());
        for assumed in STATES.into_iter().filter(|assumed| *assumed != state) {
            for event in EVENTS {
                let change = with_transaction(event, full_change("stale", at(9)));
                assert!(!house.advance(uuid(number), assumed, event, change).await, "{state}, {assumed}");
            }
        }
        assert_eq!(contents(&house.find(uuid(number)).await.unwrap()), before);
    }
    let unknown = house.advance(uuid(999), VerificationState::WAIT, EVENTS[0], Change::default()).await;
    assert!(!unknown, "an unknown uuid");
}

/// What happens at once when an answer, a second answer, the deadline and a report meet.
pub async fn of_100_concurrent_changes_exactly_one_wins(house: House) {
    house.add(vec![verification(1)]).await;
    let from_wait: Vec<Event> =
        EVENTS.into_iter().filter(|event| apply(VerificationState::WAIT, *event).is_ok()).collect();
    let racers = (0..100).map(|racer| {
        let event = from_wait[racer % from_wait.len()];
        let change = full_change(&racer.to_string(), at(9));
        let advance = house.advance(uuid(1), VerificationState::WAIT, event, change);
        async move { advance.await.then_some((racer, event)) }
    });
    let winners: Vec<(usize, Event)> = join_all(racers).await.into_iter().flatten().collect();
    let [(racer, event)] = winners[..] else { panic!("{winners:?}") };
    let row = house.find(uuid(1)).await.unwrap();
    assert_eq!(row.state(), apply(VerificationState::WAIT, event).unwrap());
    assert_eq!(row.reason, Some(format!("reason {racer}")));
    assert_eq!(row.beneficiary_sealed, format!("beneficiary {racer}"));
}
