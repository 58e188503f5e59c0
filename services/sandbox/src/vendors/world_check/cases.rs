//! All cases.

use waybill_domain::Timestamp;

use super::case::Case;
use crate::vendors::bounded::Bounded;
use crate::vendors::window::Window;

/// Cases by the vendor's id and by the client's.
#[derive(Default)]
pub(in crate::vendors) struct Cases {
    by_system_id: Bounded<Case>,
    system_ids: Bounded<String>,
    /// How many were ever made.
    made: u64,
    screenings: Window,
}

impl Cases {
    pub(super) fn get(&self, system_id: &str) -> Option<&Case> {
        self.by_system_id.get(system_id)
    }

    pub(super) fn get_mut(&mut self, system_id: &str) -> Option<&mut Case> {
        self.by_system_id.get_mut(system_id)
    }

    /// The vendor's id of the case with the client's.
    pub(super) fn system_id(&self, case_id: &str) -> Option<&str> {
        self.system_ids.get(case_id).map(String::as_str)
    }

    /// A number for the next case.
    pub(super) fn next_number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Adds a case whose ids are free.
    pub(super) fn add(&mut self, case: Case) -> &mut Case {
        let system_id = case.system_id.clone();
        self.system_ids.get_or_insert_with(&case.case_id, || system_id.clone());
        self.by_system_id.get_or_insert_with(&system_id, || case)
    }

    /// Whether one more screening is allowed in this hour; counts it.
    pub(super) fn may_screen(&mut self, now: Timestamp, limit: Option<u32>) -> bool {
        self.screenings.allows(now, limit, std::time::Duration::from_secs(3600))
    }
}
