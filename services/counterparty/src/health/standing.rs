//! From single polls to UP and DOWN.

use waybill_domain::{Timestamp, VaspId};
use waybill_runtime::settings::HealthSettings;
use waybill_store::tables::member_health::MemberHealth;

/// What is known of a member after one more poll. A member becomes down, or up again, after some equal results in a row;
/// the very first result decides alone.
pub(super) fn after_poll(
    vasp_id: VaspId,
    before: Option<&MemberHealth>,
    answered: bool,
    now: Timestamp,
    settings: &HealthSettings,
) -> MemberHealth {
    let Some(before) = before else {
        let streak = if answered { 1 } else { -1 };
        return MemberHealth { vasp_id, up: answered, streak, checked_at: now, changed_at: now };
    };
    let streak = match answered {
        true => before.streak.max(0).saturating_add(1),
        false => before.streak.min(0).saturating_sub(1),
    };
    let enough = if answered { settings.up_after } else { settings.down_after };
    let turned = before.up != answered && streak.unsigned_abs() >= u64::from(enough);
    let up = if turned { answered } else { before.up };
    let changed_at = if turned { now } else { before.changed_at };
    MemberHealth { vasp_id, up, streak, checked_at: now, changed_at }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::Clock as _;
    use waybill_testkit::MockClock;

    use super::*;

    const MEMBER: VaspId = VaspId::new(7);

    fn settings(down_after: u32, up_after: u32) -> HealthSettings {
        HealthSettings { down_after, up_after, ..HealthSettings::default() }
    }

    /// The standing after each poll.
    fn standings(polls: &[bool], settings: &HealthSettings) -> Vec<MemberHealth> {
        let clock = MockClock::default();
        let mut standings: Vec<MemberHealth> = Vec::new();
        for answered in polls {
            clock.advance(Duration::from_secs(10));
            standings.push(after_poll(MEMBER, standings.last(), *answered, clock.now(), settings));
        }
        standings
    }

    fn ups(polls: &[bool], settings: &HealthSettings) -> Vec<bool> {
        standings(polls, settings).iter().map(|standing| standing.up).collect()
    }

    #[test]
    fn the_first_result_decides() {
        assert_eq!(ups(&[true], &settings(3, 3)), [true]);
        assert_eq!(ups(&[false], &settings(3, 3)), [false]);
    }

    #[test]
    fn a_member_is_down_after_some_failures_in_a_row() {
        let (yes, no) = (true, false);
        let polls = [yes, no, no, yes, no, no, no, yes, yes];
        assert_eq!(ups(&polls, &settings(3, 2)), [yes, yes, yes, yes, yes, yes, no, no, yes]);
    }

    #[test]
    fn the_time_of_the_last_change_is_kept() {
        let standings = standings(&[true, true, false, false], &settings(2, 1));
        assert_eq!(standings[2].changed_at, standings[0].checked_at);
        assert_eq!(standings[3].changed_at, standings[3].checked_at);
        assert_eq!(standings.iter().map(|it| it.streak).collect::<Vec<_>>(), [1, 2, -1, -2]);
    }
}
