//! The schedule behind a limit such as "20 calls a second": each call has a slot of its own, a little apart.

use std::time::Duration;

/// What may go wrong in time between a slot and its call is this part of the window, and this is what it costs.
const TOLERANCE: u64 = 25;
/// Of the tolerance, the part of the way to whoever counts the calls; no more than this is needed.
const WAY: Duration = Duration::from_millis(500);
/// Of what a caller has, the part that is left when a slot of the past is taken; no more than this is needed.
const MOMENT: Duration = Duration::from_secs(1);

/// So many calls in a window, as slots. In every window that begins anywhere there are never more calls than allowed, when
/// each is made at its slot or up to the tolerance after it; 96 % of the limit can be had.
///
/// Times are microseconds on whatever clock all who share the schedule have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRule {
    spacing: i64,
    usable_for: i64,
    reach_back: i64,
}

/// Slots that were taken one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// The first one.
    pub first: i64,
    /// How many.
    pub count: u32,
    /// The first one that is free now.
    pub next: i64,
}

impl SlotRule {
    /// The rule for `times` calls (at least one) in each window.
    pub fn new(times: u32, window: Duration) -> Self {
        let tolerance = window / TOLERANCE as u32;
        // Calls in [t, t + window) have slots in [t - tolerance, t + window): there are `times` of them at the most.
        let spacing = micros(window + tolerance).max(1);
        let times = i64::from(times.max(1));
        let usable = tolerance - WAY.min(tolerance / 4);
        let reach_back = usable - MOMENT.min(usable / 2);
        Self {
            spacing: (spacing + times - 1) / times,
            usable_for: micros(usable),
            reach_back: micros(reach_back),
        }
    }

    /// Takes up to `wanted` slots that are not later than `until`. `next` is the first free one. After a quiet time some
    /// slots of the past can be had: a small burst.
    pub fn take(&self, next: i64, now: i64, wanted: u32, until: i64) -> Slots {
        let first = self.first(next, now);
        let there = if first > until { 0 } else { (until - first) / self.spacing + 1 };
        let count = there.min(wanted.into());
        // A refusal leaves everything as it is.
        let next = if count == 0 { next } else { first + count * self.spacing };
        Slots { first, count: u32::try_from(count).unwrap_or(wanted), next }
    }

    /// The first slot that can be had now.
    pub fn first(&self, next: i64, now: i64) -> i64 {
        next.max(now - self.reach_back)
    }

    /// How many slots there are from now up to `until`.
    pub fn room(&self, next: i64, now: i64, until: i64) -> u32 {
        self.take(next, now, u32::MAX, until).count
    }

    /// The `number`th of slots that were taken together, from 0.
    pub fn nth(&self, slots: &Slots, number: u32) -> i64 {
        slots.first + i64::from(number) * self.spacing
    }

    /// How far apart slots are, in microseconds.
    pub fn spacing(&self) -> i64 {
        self.spacing
    }

    /// How long after its slot a call may be made, in microseconds. What is left of the tolerance is for its way.
    pub fn usable_for(&self) -> i64 {
        self.usable_for
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;

    /// Windows as vendors have them.
    fn limits() -> impl Strategy<Value = (u32, Duration)> {
        prop_oneof![
            (1_u32..30, Just(Duration::from_secs(1))),
            Just((500, Duration::from_secs(1))),
            Just((5000, Duration::from_secs(300))),
            Just((10_000, Duration::from_secs(3600))),
        ]
    }

    /// The most calls in any window: one that begins with a call.
    fn most_in_a_window(mut used: Vec<i64>, window: Duration) -> usize {
        used.sort_unstable();
        let window = micros(window);
        let mut behind = 0;
        let mut most = 0;
        for (at, time) in used.iter().enumerate() {
            while used[behind] <= time - window {
                behind += 1;
            }
            most = most.max(at - behind + 1);
        }
        most
    }

    #[derive(Debug, Clone)]
    struct Step {
        wanted: u32,
        /// Since the step before, as a part of the window in thousandths.
        after: i64,
        /// How late each call is, as a part of what is allowed in thousandths.
        late: Vec<i64>,
    }

    fn step() -> impl Strategy<Value = Step> {
        let pause = prop_oneof![3 => 0_i64..20, 1 => 0_i64..1500];
        (0_u32..40, pause, prop::collection::vec(0_i64..=1000, 1..8)).prop_map(|(wanted, after, late)| Step {
            wanted,
            after,
            late,
        })
    }

    proptest! {
        /// Several workers reserve at random times and use what they got more or less late, at their slot or when they
        /// reserved it.
        #[test]
        fn there_are_never_more_in_any_window((times, window) in limits(), steps in prop::collection::vec(step(), 1..200)) {
            let rule = SlotRule::new(times, window);
            let (mut next, mut now) = (0, 1000 * SECOND);
            let mut used = Vec::new();
            for step in steps {
                now += step.after * micros(window) / 1000;
                let slots = rule.take(next, now, step.wanted, now + 5 * SECOND);
                next = slots.next;
                for number in 0..slots.count {
                    let slot = rule.nth(&slots, number);
                    let late = step.late[number as usize % step.late.len()] * rule.usable_for() / 1000;
                    used.push((slot + late).max(now.min(slot + rule.usable_for())));
                }
            }
            prop_assert!(most_in_a_window(used, window) <= times as usize);
        }

        /// Workers that always want more get nearly all of it.
        #[test]
        fn nearly_all_can_be_had((times, window) in limits(), gaps in prop::collection::vec(1_i64..200, 4..30)) {
            let rule = SlotRule::new(times, window);
            let begun = 1000 * SECOND;
            let (mut next, mut now, mut taken) = (0, begun, 0_i64);
            let end = begun + 40 * micros(window);
            for gap in gaps.iter().cycle() {
                if now >= end { break; }
                let slots = rule.take(next, now, u32::MAX, now + SECOND);
                next = slots.next;
                taken += i64::from(slots.count);
                now += gap * SECOND / 1000;
            }
            prop_assert!(taken * 100 >= i64::from(times) * 40 * 95, "{taken} of {}", times * 40);
        }
    }

    #[test]
    fn a_quiet_time_allows_a_small_burst_of_large_limits() {
        let at_once = |times, window| SlotRule::new(times, window).room(0, 1000 * SECOND, 1000 * SECOND);
        assert_eq!(at_once(5, Duration::from_secs(1)), 1);
        assert_eq!(at_once(20, Duration::from_secs(1)), 1);
        let large = at_once(5000, Duration::from_secs(300));
        assert!((150..200).contains(&large), "{large}");
        let hourly = at_once(10_000, Duration::from_secs(3600));
        assert!((300..400).contains(&hourly), "{hourly}");
    }

    #[test]
    fn slots_later_than_wanted_are_left_to_others() {
        let rule = SlotRule::new(5, Duration::from_secs(1));
        let now = 1000 * SECOND;
        let slots = rule.take(0, now, 100, now + SECOND);
        assert_eq!((slots.first, slots.count), (now - 15_000, 5));
        let refused = rule.take(slots.next, now, 1, now + SECOND / 2);
        assert_eq!((refused.count, refused.next), (0, slots.next));
    }
}
