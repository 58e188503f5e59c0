//! The protocol holds whatever happens; each of its parts is needed.

use crate::search::search;
use crate::world::Protocol;

const OURS: Protocol = Protocol::OURS;

#[test]
fn nothing_is_lost_doubled_or_stuck_whatever_happens() {
    for faults in 0..=4 {
        let holds = search(OURS, faults).unwrap_or_else(|refuted| panic!("{refuted:#?}"));
        assert!(holds.finished > 0 && holds.worlds > 100, "{holds:?}");
    }
}

/// The shortest way on which a protocol fails, and how.
fn refuted(protocol: Protocol) -> (&'static str, String) {
    let refuted = search(protocol, 3).expect_err("one part is missing");
    (refuted.what, refuted.way.join(", "))
}

#[test]
fn without_the_guard_of_the_lease_an_effect_happens_twice() {
    let (what, way) = refuted(Protocol { finish_is_guarded: false, ..OURS });
    assert_eq!(what, "the effect happened twice");
    assert_eq!(
        way,
        "it is published, A gets the message, A claims it, A's channel breaks, B gets the message, the lease ends, \
         it is handed out again, B claims it, A finishes it, B finishes it"
    );
}

#[test]
fn without_the_guard_a_late_worker_gives_away_what_another_works_on() {
    let (what, way) = refuted(Protocol { retry_is_guarded: false, ..OURS });
    assert_eq!(what, "it was handed out while its worker's lease ran");
    assert_eq!(
        way,
        "it is published, A gets the message, A claims it, A's channel breaks, B gets the message, the lease ends, \
         it is handed out again, B claims it, A gives it back, A acknowledges, B's channel breaks, A gets the message, \
         A claims it"
    );
}

#[test]
fn an_end_that_is_committed_before_its_effect_loses_it() {
    let (what, way) = refuted(Protocol { effect_with_the_end: false, ..OURS });
    assert_eq!(what, "it can never be finished");
    assert_eq!(way, "it is published, A gets the message, A claims it, A finishes it, A dies");
}

#[test]
fn without_the_relays_second_look_what_died_with_its_publisher_is_never_done() {
    let (what, way) = refuted(Protocol { second_look: false, ..OURS });
    assert_eq!(what, "it can never be finished");
    assert_eq!(way, "the publisher dies");
}

/// Where only workers fail, a message that is acknowledged late brings every command back; an early one needs the look.
#[test]
fn a_message_that_is_acknowledged_before_the_claim_is_committed_needs_the_second_look() {
    let early = Protocol { late_acknowledgement: false, ..OURS };
    assert!(search(early, 4).is_ok());
    let trusting = Protocol { second_look: false, publishing_fails: false, ..OURS };
    assert!(search(trusting, 4).is_ok());
    let (what, way) = refuted(Protocol { late_acknowledgement: false, ..trusting });
    assert_eq!(what, "it can never be finished");
    assert_eq!(way, "it is published, A gets the message, A dies");
}

#[test]
fn leases_that_end_by_somebody_elses_clock_are_handed_out_under_their_worker() {
    let (what, way) = refuted(Protocol { clock_of_the_database: false, ..OURS });
    assert_eq!(what, "it was handed out while its worker's lease ran");
    assert_eq!(
        way,
        "it is published, A gets the message, A claims it, A's channel breaks, B gets the message, \
         it is handed out again, B claims it"
    );
}

#[test]
fn what_a_dead_worker_held_is_never_done_when_leases_do_not_end() {
    let (what, way) = refuted(Protocol { lease_ends: false, ..OURS });
    assert_eq!(what, "it can never be finished");
    assert_eq!(way, "it is published, A gets the message, A claims it, A dies");
}
