//! How many answers to a question could not be used. Being down, too slow or left alone gives no answer, and does not
//! count.

use waybill_bus::Claim;

const LABEL: &str = "unusable answers: ";

/// The unusable answers that a command has had. The count is kept in the note of why it comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnusableAnswers(u32);

impl UnusableAnswers {
    /// Those before this attempt.
    pub(crate) fn so_far(claim: &Claim) -> Self {
        Self::read(claim.last_error().unwrap_or_default())
    }

    /// With the one that has just come.
    pub(crate) fn and_one(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// True when there were `tries` of them.
    pub(crate) fn reach(self, tries: u32) -> bool {
        self.0 >= tries
    }

    /// The note for the next attempt.
    pub(crate) fn note(self, why: &str) -> String {
        match self.0 {
            0 => why.to_owned(),
            count => format!("{LABEL}{count}; {why}"),
        }
    }

    fn read(note: &str) -> Self {
        let count = note.strip_prefix(LABEL).and_then(|rest| rest.split_once(';'));
        Self(count.and_then(|(count, _)| count.parse().ok()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_keeps_the_count() {
        let none = UnusableAnswers::read("");
        assert_eq!(none.note("the backend cannot be reached"), "the backend cannot be reached");
        let two = none.and_one().and_one();
        assert!(two.reach(2) && !two.reach(3));
        assert_eq!(two.note("it is not JSON"), "unusable answers: 2; it is not JSON");
        assert_eq!(UnusableAnswers::read(&two.note("a; b")), two);
    }

    #[test]
    fn other_notes_count_nothing() {
        for note in ["accepted", "unusable answers: 2", "unusable answers: x; y", "why; unusable answers: 2;"]
        {
            assert_eq!(UnusableAnswers::read(note), UnusableAnswers(0), "{note}");
        }
    }
}
