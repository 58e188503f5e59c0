//! The one table of legal changes of a verification; the documentation renders it.

use std::fmt;

use crate::{ReportedError, Verdict, VerificationResult};

/// What the legal changes of a verification depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerificationState {
    /// The stored result.
    pub result: VerificationResult,
    /// Whether a transaction hash is stored.
    pub transaction_reported: bool,
}

impl VerificationState {
    /// Accepted and not answered.
    pub const WAIT: Self = Self::of(VerificationResult::Wait);
    /// Confirmed, no transaction yet.
    pub const VERIFIED: Self = Self::of(VerificationResult::Verified);
    /// Confirmed, and the transaction was reported: the end of a good verification.
    pub const VERIFIED_WITH_TRANSACTION: Self =
        Self { result: VerificationResult::Verified, transaction_reported: true };

    /// A result without a transaction.
    pub const fn of(result: VerificationResult) -> Self {
        Self { result, transaction_reported: false }
    }

    /// True when no event changes it any more.
    pub const fn is_terminal(self) -> bool {
        self.result.is_terminal() || self.transaction_reported
    }
}

impl fmt::Display for VerificationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.result.as_str())?;
        if self.transaction_reported { f.write_str(" with transaction") } else { Ok(()) }
    }
}

/// Something that happens to a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The beneficiary VASP answered.
    Answered(Verdict),
    /// The answer carried another account number than the request.
    AccountNotMatched,
    /// No answer came before `expiresAt`.
    DeadlinePassed,
    /// The originator told the beneficiary that it ended the verification by itself: no answer came in time, or none
    /// that it could use. Happens to the beneficiary's copy only.
    OriginatorGaveUp,
    /// The originator reported the hash of the transaction.
    TransactionReported,
    /// The originator reported that the transfer will never happen.
    ErrorReported(ReportedError),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(verdict) => write!(f, "answer {verdict}"),
            Self::AccountNotMatched => f.write_str("answer with another account number"),
            Self::DeadlinePassed => f.write_str("deadline passed"),
            Self::OriginatorGaveUp => f.write_str("originator gave up (beneficiary's copy)"),
            Self::TransactionReported => f.write_str("transaction report"),
            Self::ErrorReported(result) => write!(f, "error report {result}"),
        }
    }
}

/// One legal change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Before.
    pub from: VerificationState,
    /// What happened.
    pub event: Event,
    /// After.
    pub to: VerificationState,
    /// Who causes it, for the documentation.
    pub set_by: &'static str,
}

/// Every legal change. What is not here is refused.
pub const TRANSITIONS: &[Transition] = {
    use Event::{
        AccountNotMatched, Answered, DeadlinePassed, ErrorReported, OriginatorGaveUp, TransactionReported,
    };
    const WAIT: VerificationState = VerificationState::WAIT;
    const VERIFIED: VerificationState = VerificationState::VERIFIED;
    const WITH_TRANSACTION: VerificationState = VerificationState::VERIFIED_WITH_TRANSACTION;
    const DENIED: VerificationState = VerificationState::of(VerificationResult::Denied);
    const ERROR: VerificationState = VerificationState::of(VerificationResult::Error);
    const BENEFICIARY: &str = "beneficiary's backend";
    const ORIGINATOR: &str = "originator's backend";
    const NODE: &str = "node";
    &[
        row(WAIT, Answered(Verdict::Verified), VERIFIED, BENEFICIARY),
        row(WAIT, Answered(Verdict::Denied), DENIED, BENEFICIARY),
        row(WAIT, Answered(Verdict::Error), ERROR, BENEFICIARY),
        row(WAIT, AccountNotMatched, ERROR, NODE),
        row(WAIT, DeadlinePassed, ERROR, NODE),
        row(WAIT, OriginatorGaveUp, ERROR, NODE),
        // The answer was given, and did not arrive in time or was of no use: both sides must end alike.
        row(VERIFIED, OriginatorGaveUp, ERROR, NODE),
        row(VERIFIED, TransactionReported, WITH_TRANSACTION, ORIGINATOR),
        row(VERIFIED, ErrorReported(ReportedError::Denied), DENIED, ORIGINATOR),
        row(VERIFIED, ErrorReported(ReportedError::Error), ERROR, ORIGINATOR),
    ]
};

const fn row(
    from: VerificationState,
    event: Event,
    to: VerificationState,
    set_by: &'static str,
) -> Transition {
    Transition { from, event, to, set_by }
}

/// An event that the current state does not take. Nothing is changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a verification in state {from} does not take: {event}")]
pub struct IllegalTransition {
    /// The state, unchanged.
    pub from: VerificationState,
    /// The event that was refused.
    pub event: Event,
}

/// The state after `event`, by [`TRANSITIONS`]. A report that repeats what is stored is for the caller to recognise
/// first: here it is illegal, as any event in a terminal state.
pub fn apply(current: VerificationState, event: Event) -> Result<VerificationState, IllegalTransition> {
    TRANSITIONS
        .iter()
        .find(|row| row.from == current && row.event == event)
        .map(|row| row.to)
        .ok_or(IllegalTransition { from: current, event })
}

/// [`TRANSITIONS`] as a Markdown table.
pub fn transitions_markdown() -> String {
    let mut text = String::from("| from | event | to | set by |\n|---|---|---|---|\n");
    for row in TRANSITIONS {
        text.push_str(&format!("| {} | {} | {} | {} |\n", row.from, row.event, row.to, row.set_by));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_state() -> impl Strategy<Value = VerificationState> {
        (prop::sample::select(VerificationResult::ALL), any::<bool>())
            .prop_map(|(result, transaction_reported)| VerificationState { result, transaction_reported })
    }

    fn any_event() -> impl Strategy<Value = Event> {
        prop_oneof![
            prop::sample::select(Verdict::ALL).prop_map(Event::Answered),
            prop::sample::select(ReportedError::ALL).prop_map(Event::ErrorReported),
            Just(Event::AccountNotMatched),
            Just(Event::DeadlinePassed),
            Just(Event::OriginatorGaveUp),
            Just(Event::TransactionReported),
        ]
    }

    proptest! {
        #[test]
        fn no_event_leaves_a_terminal_state(state in any_state(), event in any_event()) {
            if state.is_terminal() {
                prop_assert_eq!(apply(state, event), Err(IllegalTransition { from: state, event }));
            }
        }

        #[test]
        fn only_a_good_answer_to_a_waiting_verification_verifies(state in any_state(), event in any_event()) {
            if let Ok(next) = apply(state, event)
                && next.result == VerificationResult::Verified
                && state.result != VerificationResult::Verified
            {
                prop_assert_eq!(state, VerificationState::WAIT);
                prop_assert_eq!(event, Event::Answered(Verdict::Verified));
            }
        }

        #[test]
        fn a_walk_ends_in_its_first_terminal_state(events in prop::collection::vec(any_event(), 0..40)) {
            let mut state = VerificationState::WAIT;
            let mut end = None;
            for event in events {
                state = apply(state, event).unwrap_or(state);
                if end.is_none() && state.is_terminal() {
                    end = Some(state);
                }
            }
            prop_assert_eq!(end.unwrap_or(state), state);
        }
    }

    #[test]
    fn every_row_is_reached_and_stands_once() {
        for (at, row) in TRANSITIONS.iter().enumerate() {
            assert_eq!(apply(row.from, row.event), Ok(row.to));
            let same = |other: &&Transition| other.from == row.from && other.event == row.event;
            assert_eq!(TRANSITIONS.iter().filter(same).count(), 1, "row {at}");
        }
    }

    #[test]
    fn answers_and_reports_give_their_own_result() {
        for verdict in Verdict::ALL {
            let next = apply(VerificationState::WAIT, Event::Answered(*verdict)).unwrap();
            assert_eq!(next, VerificationState::of(verdict.result()));
        }
        for error in ReportedError::ALL {
            let next = apply(VerificationState::VERIFIED, Event::ErrorReported(*error)).unwrap();
            assert_eq!(next, VerificationState::of(error.result()));
        }
    }

    #[test]
    fn nothing_follows_a_reported_transaction() {
        let event = Event::ErrorReported(ReportedError::Error);
        let refused = apply(VerificationState::VERIFIED_WITH_TRANSACTION, event).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a verification in state VERIFIED with transaction does not take: error report ERROR"
        );
    }

    #[test]
    fn the_table_is_rendered_row_by_row() {
        let text = transitions_markdown();
        assert_eq!(text.lines().count(), TRANSITIONS.len() + 2);
        assert!(text.contains("| WAIT | answer VERIFIED | VERIFIED | beneficiary's backend |\n"));
        assert!(text.contains("| VERIFIED | transaction report | VERIFIED with transaction | "));
    }
}
