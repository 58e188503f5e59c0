//! What is printed about each fault.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;
use waybill_tests::fleet::Callbacks;

use crate::ledger::Ledger;

/// When a fault came, went, and was over.
pub struct Span {
    pub name: String,
    pub struck: Instant,
    pub healed: Instant,
    /// Everything accepted before it was healed has ended.
    pub recovered: Instant,
}

/// The head of the table.
pub fn head() {
    println!(
        "\n{:<26} {:>8} {:>8} {:>9} {:>10} {:>11} {:>12} {:>8}",
        "fault", "accepted", "terminal", "delivered", "duplicates", "longest gap", "recovered in", "refused"
    );
}

impl Span {
    /// One line of the table: what happened between the strike and the recovery.
    pub fn print(&self, ledger: &Ledger, callbacks: &Callbacks) {
        let within = self.struck..self.recovered;
        let lines = ledger.lines();
        let mut accepted: Vec<Instant> = lines.iter().filter_map(|line| line.accepted).collect();
        accepted.retain(|at| within.contains(at));
        let ended = lines.iter().filter_map(|line| Some(line.ended.as_ref()?.0));
        let terminal = ended.filter(|at| within.contains(at)).count();
        let (delivered, duplicates) = deliveries(callbacks, ledger, self.struck, self.recovered);
        let gap = longest_gap(accepted.clone(), self.struck, self.recovered);
        let refused = ledger.refusals(self.struck, self.recovered).values().sum::<usize>()
            + ledger.unanswered(self.struck, self.recovered);
        println!(
            "{:<26} {:>8} {terminal:>8} {delivered:>9} {duplicates:>10} {:>9.1} s {:>10.1} s {refused:>8}",
            self.name,
            accepted.len(),
            gap.as_secs_f64(),
            (self.recovered - self.healed).as_secs_f64(),
        );
    }

    /// How many were accepted while it lasted.
    pub fn accepted_meanwhile(&self, ledger: &Ledger) -> usize {
        let accepted = ledger.lines().into_iter().filter_map(|line| line.accepted);
        accepted.filter(|at| (self.struck..self.healed).contains(at)).count()
    }
}

/// Callbacks that arrived in a time, and how many of those had arrived before.
fn deliveries(callbacks: &Callbacks, ledger: &Ledger, from: Instant, to: Instant) -> (usize, usize) {
    let (mut delivered, mut duplicates) = (0, 0);
    for line in ledger.lines() {
        let Some((_, withdrawal)) = line.ended else { continue };
        let mut seen = HashSet::new();
        for arrival in callbacks.about(&withdrawal.uuid) {
            let first = seen.insert((arrival.vasp_id.clone(), arrival.kind.clone()));
            if (from..to).contains(&arrival.at) {
                delivered += 1;
                duplicates += usize::from(!first);
            }
        }
    }
    (delivered, duplicates)
}

/// The longest time in which nothing was accepted.
fn longest_gap(mut accepted: Vec<Instant>, from: Instant, to: Instant) -> Duration {
    accepted.extend([from, to]);
    accepted.sort_unstable();
    accepted.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}
