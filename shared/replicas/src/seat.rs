//! Which part of its service's limits a process takes, as others come and go. No IO.
//!
//! The parts in force never add up to more than the whole, though nobody leads and everybody reads at another moment:
//! a smaller part is taken at once and said afterwards; a larger one is said first, and taken only when all others are
//! seen to have said no more than what is theirs. Of two that grow at once, at least one sees what the other said.

use waybill_domain::{Place, Share};
use waybill_store::tables::replicas::Replica;

/// The place of this process in one service.
#[derive(Debug)]
pub(crate) struct Seat {
    part: &'static str,
    share: Share,
    /// What the others may have read; never less than what is in force.
    claim: Place,
}

impl Seat {
    /// Nothing is in force until it is settled.
    pub(crate) fn new(part: &'static str, share: Share) -> Self {
        share.set(Place::NONE);
        Self { part, share, claim: Place::NONE }
    }

    /// What to say to the others.
    pub(crate) fn said_by(&self, node_id: &str) -> Replica {
        Replica { part: self.part.to_owned(), node_id: node_id.to_owned(), claim: self.claim }
    }

    /// Draws the consequence from who is there, read after the claim was said. True when there is something to say: a new
    /// claim, or that this process is there, which the list does not know any more. With `may_grow` false those who are
    /// not on the list may be alive: no part becomes larger.
    pub(crate) fn settle(&mut self, node_id: &str, living: &[Replica], may_grow: bool) -> bool {
        let here: Vec<&Replica> = living.iter().filter(|replica| replica.part == self.part).collect();
        let Some(number) = here.iter().position(|replica| replica.node_id == node_id) else { return true };
        let theirs = place(number, here.len());
        let target = if may_grow { theirs } else { self.claim.narrowed_to(theirs) };
        let narrowed = self.share.place().narrowed_to(target);
        if narrowed != self.share.place() {
            self.share.set(narrowed);
        }
        let others_are_within = here
            .iter()
            .enumerate()
            .all(|(other, replica)| other == number || replica.claim.is_within(place(other, here.len())));
        if self.claim == target && others_are_within {
            self.share.set(target);
        }
        let is_new = self.claim != target;
        self.claim = target;
        is_new
    }

    /// The service.
    pub(crate) fn part(&self) -> &'static str {
        self.part
    }

    /// What is in force.
    pub(crate) fn share(&self) -> &Share {
        &self.share
    }

    /// Whether it has all that is its own.
    pub(crate) fn is_settled(&self) -> bool {
        self.claim != Place::NONE && self.share.place() == self.claim
    }
}

fn place(number: usize, of: usize) -> Place {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place { number: small(number), of: small(of) }
}

#[cfg(test)]
mod tests {
    use waybill_domain::Entropy as _;
    use waybill_testkit::SeededEntropy;

    use super::*;

    const LIMITS: [u32; 5] = [1, 2, 5, 16, 100];

    /// A table and the processes over it; each of their steps is taken by itself.
    #[derive(Default)]
    struct World {
        rows: Vec<Replica>,
        processes: Vec<Process>,
        made: usize,
    }

    struct Process {
        node_id: String,
        seat: Seat,
        share: Share,
        says_next: bool,
    }

    impl World {
        fn arrive(&mut self) {
            self.made += 1;
            let share = Share::default();
            let seat = Seat::new("part", share.clone());
            self.processes.push(Process { node_id: self.made.to_string(), seat, share, says_next: true });
        }

        /// Its row goes with it: it stopped politely, or was silent for long enough.
        fn leave(&mut self, index: usize) {
            let gone = self.processes.remove(index);
            self.rows.retain(|row| row.node_id != gone.node_id);
        }

        /// Half a round: saying and reading are two transactions, between which anything may happen.
        fn step(&mut self, index: usize) {
            let Process { node_id, seat, says_next, .. } = &mut self.processes[index];
            if *says_next {
                let said = seat.said_by(node_id);
                match self.rows.iter_mut().find(|row| row.node_id == *node_id) {
                    Some(row) => *row = said,
                    None => self.rows.push(said),
                }
            } else {
                seat.settle(node_id, &self.rows, true);
            }
            *says_next = !*says_next;
        }

        fn in_force(&self, limit: u32) -> u32 {
            self.processes.iter().map(|process| process.share.of(limit)).sum()
        }

        fn check(&self) {
            for limit in LIMITS {
                let in_force = self.in_force(limit);
                assert!(in_force <= limit, "{in_force} of {limit}");
            }
        }
    }

    #[test]
    fn the_parts_in_force_never_exceed_the_whole_and_come_to_it() {
        for seed in 0..300 {
            let entropy = SeededEntropy::new(seed);
            let mut world = World::default();
            world.arrive();
            for _ in 0..200 {
                match entropy.below(20) {
                    0 if world.processes.len() < 6 => world.arrive(),
                    1 if world.processes.len() > 1 => {
                        world.leave(entropy.below(world.processes.len() as u64) as usize);
                    }
                    _ => world.step(entropy.below(world.processes.len() as u64) as usize),
                }
                world.check();
            }
            let processes = world.processes.len();
            for step in 0..8 * processes {
                world.step(step % processes);
                world.check();
            }
            assert!(world.processes.iter().all(|process| process.seat.is_settled()), "seed {seed}");
            assert_eq!(LIMITS.map(|limit| world.in_force(limit)), LIMITS, "seed {seed}");
        }
    }

    #[test]
    fn a_process_alone_has_everything_after_two_looks() {
        let mut world = World::default();
        world.arrive();
        for expected in [0, 0, 0, 16] {
            world.step(0);
            assert_eq!(world.in_force(16), expected);
        }
    }

    #[test]
    fn whoever_is_not_on_the_list_keeps_what_it_has() {
        let share = Share::default();
        let mut seat = Seat::new("part", share.clone());
        share.set(Place::WHOLE);
        assert!(seat.settle("me", &[], true), "and says that it is there");
        assert_eq!(share.place(), Place::WHOLE);
    }

    #[test]
    fn whoever_came_back_before_the_others_does_not_grow() {
        let alone = |claim| vec![Replica { part: "part".to_owned(), node_id: "me".to_owned(), claim }];
        let share = Share::default();
        let mut seat = Seat::new("part", share.clone());
        let half = Place { number: 1, of: 2 };
        seat.claim = half;
        share.set(half);
        for _ in 0..3 {
            assert!(!seat.settle("me", &alone(half), false));
            assert_eq!(share.place(), half);
        }
        assert!(seat.settle("me", &alone(half), true), "the others did not come");
        assert!(!seat.settle("me", &alone(Place::WHOLE), true));
        assert_eq!(share.place(), Place::WHOLE);
    }
}
