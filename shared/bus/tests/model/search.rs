//! Tries everything that can happen, shortest ways first.

use std::collections::HashMap;

use crate::world::{Protocol, World};

/// What is wrong, and the shortest way there.
#[derive(Debug, PartialEq, Eq)]
pub struct Refuted {
    pub what: &'static str,
    pub way: Vec<String>,
}

/// How much was looked at.
#[derive(Debug)]
pub struct Holds {
    pub worlds: usize,
    pub finished: usize,
}

/// One world, and how it was first reached.
struct Visited {
    world: World,
    from: Option<(usize, String)>,
    /// Worlds that lead here without a fault.
    before: Vec<usize>,
}

/// Looks for a world that is wrong, or from which the command cannot be finished any more even if nothing goes wrong.
pub fn search(protocol: Protocol, faults: u8) -> Result<Holds, Refuted> {
    let start = World::new(faults);
    let mut known = HashMap::from([(start.clone(), 0)]);
    let mut all = vec![Visited { world: start, from: None, before: Vec::new() }];
    let mut next = 0;
    while next < all.len() {
        for step in all[next].world.steps(protocol) {
            let to = *known.entry(step.to.clone()).or_insert_with(|| {
                all.push(Visited { world: step.to, from: Some((next, step.name)), before: Vec::new() });
                all.len() - 1
            });
            if !step.is_fault {
                all[to].before.push(next);
            }
            if let Some(what) = all[to].world.wrong() {
                return Err(Refuted { what, way: way_to(&all, to) });
            }
        }
        next += 1;
    }
    let reaching = reaching_the_end(&all);
    match reaching.iter().position(|reaches| !reaches) {
        Some(stuck) => Err(Refuted { what: "it can never be finished", way: way_to(&all, stuck) }),
        None => {
            let finished = all.iter().filter(|visited| visited.world.is_finished()).count();
            Ok(Holds { worlds: all.len(), finished })
        }
    }
}

fn way_to(all: &[Visited], mut at: usize) -> Vec<String> {
    let mut way = Vec::new();
    while let Some((from, name)) = &all[at].from {
        way.push(name.clone());
        at = *from;
    }
    way.reverse();
    way
}

/// From which worlds a finished one can be reached without a fault.
fn reaching_the_end(all: &[Visited]) -> Vec<bool> {
    let mut reaching: Vec<bool> = all.iter().map(|visited| visited.world.is_finished()).collect();
    let mut left: Vec<usize> = (0..all.len()).filter(|at| reaching[*at]).collect();
    while let Some(at) = left.pop() {
        for before in &all[at].before {
            if !std::mem::replace(&mut reaching[*before], true) {
                left.push(*before);
            }
        }
    }
    reaching
}
