//! One command, its row, its messages, and everybody who has to do with it; and all that can happen next.

use crate::row::{Row, Status};

pub const WORKERS: usize = 2;
/// Messages about one command in one place, at the most.
const COPIES: u8 = 2;

/// How the work is passed on. [`Protocol::OURS`] is what the bus does; the others leave one thing out.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    /// A worker that lost its lease finishes nothing.
    pub finish_is_guarded: bool,
    /// A worker that lost its lease gives nothing back.
    pub retry_is_guarded: bool,
    /// The effect and the end of the command are one transaction.
    pub effect_with_the_end: bool,
    /// A message is acknowledged after the outcome, not when it arrives.
    pub late_acknowledgement: bool,
    /// The relay looks for commands that count as published and are nowhere.
    pub second_look: bool,
    /// Leases end by the database's clock, not by that of whoever looks.
    pub clock_of_the_database: bool,
    /// What a dead worker held is looked for at all.
    pub lease_ends: bool,
    /// Whether publishers and queues fail as well, or workers only.
    pub publishing_fails: bool,
}

impl Protocol {
    pub const OURS: Self = Self {
        finish_is_guarded: true,
        retry_is_guarded: true,
        effect_with_the_end: true,
        late_acknowledgement: true,
        second_look: true,
        clock_of_the_database: true,
        lease_ends: true,
        publishing_fails: true,
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Worker {
    Idle,
    /// Has a message and has not claimed yet.
    Asked {
        message: bool,
    },
    /// `over`: its lease has ended by the database's clock, and it does not know.
    Working {
        message: bool,
        over: bool,
    },
    /// The end is written down, the effect is not.
    Effecting {
        message: bool,
    },
    /// Nothing to do but to acknowledge.
    Ending {
        message: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    row: Row,
    effects: u8,
    /// In the memory of whoever publishes.
    outgoing: u8,
    /// In the queue.
    queued: u8,
    workers: [Worker; WORKERS],
    /// Faults that may still happen.
    faults: u8,
    overlap: bool,
}

/// Something that can happen.
pub struct Step {
    pub name: String,
    pub to: World,
    /// Not to be relied on for anything to get done.
    pub is_fault: bool,
}

impl World {
    /// The command is added by a process that publishes it itself.
    pub fn new(faults: u8) -> Self {
        let row = Row::added(true, true);
        let workers = [Worker::Idle; WORKERS];
        Self { row, effects: 0, outgoing: 1, queued: 0, workers, faults, overlap: false }
    }

    /// What must never be.
    pub fn wrong(&self) -> Option<&'static str> {
        if self.effects > 1 {
            Some("the effect happened twice")
        } else if self.overlap {
            Some("it was handed out while its worker's lease ran")
        } else {
            None
        }
    }

    /// What must always be within reach.
    pub fn is_finished(&self) -> bool {
        self.row.status == Status::Done && self.effects == 1
    }

    pub fn steps(&self, protocol: Protocol) -> Vec<Step> {
        let mut steps = Vec::new();
        self.publishing(protocol, &mut steps);
        for worker in 0..WORKERS {
            self.working(protocol, worker, &mut steps);
        }
        self.leases(protocol, &mut steps);
        steps
    }

    fn publishing(&self, protocol: Protocol, steps: &mut Vec<Step>) {
        if self.outgoing > 0 && self.queued < COPIES {
            steps.push(self.step("it is published", |world| {
                world.outgoing -= 1;
                world.queued += 1;
            }));
        }
        if self.outgoing > 0 && protocol.publishing_fails {
            self.fault(steps, "the broker refuses it", |world| {
                world.outgoing -= 1;
                world.row.unpublish();
            });
            self.fault(steps, "the publisher dies", |world| world.outgoing = 0);
        }
        if self.queued > 0 && protocol.publishing_fails {
            self.fault(steps, "the queue is lost", |world| world.queued = 0);
        }
        if self.outgoing < COPIES && self.row.clone_with(Row::publish).1 {
            steps.push(self.step("the relay marks it", |world| {
                world.row.publish();
                world.outgoing += 1;
            }));
        }
        if protocol.second_look && self.queued == 0 && self.row.clone_with(Row::reclaim_lost).1 {
            steps.push(self.step("the relay finds it lost", |world| {
                world.row.reclaim_lost();
            }));
        }
    }

    fn working(&self, protocol: Protocol, worker: usize, steps: &mut Vec<Step>) {
        let name = ["A", "B"][worker];
        let token = worker as u32;
        let mut can = |what: &str, change: &dyn Fn(&mut World)| {
            steps.push(self.step(&format!("{name} {what}"), change));
        };
        match self.workers[worker] {
            Worker::Idle if self.queued > 0 => can("gets the message", &|world| {
                world.queued -= 1;
                world.workers[worker] = Worker::Asked { message: protocol.late_acknowledgement };
            }),
            Worker::Idle => {}
            Worker::Asked { message } if self.row.is_claimable() => can("claims it", &|world| {
                world.overlap =
                    world.workers.iter().any(|it| matches!(it, Worker::Working { over: false, .. }));
                world.row.claim(token, false);
                world.workers[worker] = Worker::Working { message, over: false };
            }),
            Worker::Asked { message } => can("finds nothing to claim", &|world| {
                world.row.unpublish();
                world.workers[worker] = Worker::Ending { message };
            }),
            Worker::Working { message, .. } => {
                can("finishes it", &|world| world.finish(protocol, worker, message));
                can("gives it back", &|world| {
                    if !world.row.retry(token, true) && !protocol.retry_is_guarded {
                        world.row = Row::added(true, false);
                    }
                    world.workers[worker] = Worker::Ending { message };
                });
            }
            Worker::Effecting { message } => can("writes the effect", &|world| {
                world.effects += 1;
                world.workers[worker] = Worker::Ending { message };
            }),
            Worker::Ending { .. } => can("acknowledges", &|world| world.workers[worker] = Worker::Idle),
        }
        self.faults_of(worker, name, steps);
    }

    fn finish(&mut self, protocol: Protocol, worker: usize, message: bool) {
        let held = self.row.finish(worker as u32);
        self.workers[worker] = Worker::Ending { message };
        if !held && protocol.finish_is_guarded {
            return; // the effect is rolled back
        }
        self.row = Row { status: Status::Done, lease: None, ..self.row };
        if protocol.effect_with_the_end {
            self.effects += 1;
        } else {
            self.workers[worker] = Worker::Effecting { message };
        }
    }

    fn faults_of(&self, worker: usize, name: &str, steps: &mut Vec<Step>) {
        let message = match self.workers[worker] {
            Worker::Idle => return,
            Worker::Asked { message }
            | Worker::Working { message, .. }
            | Worker::Effecting { message }
            | Worker::Ending { message } => message,
        };
        let returned = u8::from(message);
        if self.queued + returned > COPIES {
            return;
        }
        self.fault(steps, &format!("{name} dies"), |world| {
            world.queued += returned;
            world.workers[worker] = Worker::Idle;
        });
        if !message {
            return;
        }
        self.fault(steps, &format!("{name}'s channel breaks"), |world| {
            world.queued += 1;
            world.workers[worker] = match world.workers[worker] {
                Worker::Working { over, .. } => Worker::Working { message: false, over },
                Worker::Effecting { .. } => Worker::Effecting { message: false },
                _ => Worker::Idle,
            };
        });
    }

    fn leases(&self, protocol: Protocol, steps: &mut Vec<Step>) {
        if let Some(lease) = self.row.lease.filter(|lease| !lease.over) {
            steps.push(self.step("the lease ends", |world| {
                world.row.lease = Some(crate::row::Lease { over: true, ..lease });
                if let Worker::Working { over, .. } = &mut world.workers[lease.token as usize] {
                    *over = true;
                }
            }));
        }
        if !protocol.lease_ends {
            return;
        }
        let mut row = self.row;
        let requeued =
            if protocol.clock_of_the_database { row.requeue_expired() } else { row.requeue_held() };
        if requeued {
            steps.push(self.step("it is handed out again", |world| world.row = row));
        }
    }

    fn step(&self, name: &str, change: impl Fn(&mut World)) -> Step {
        let mut to = self.clone();
        change(&mut to);
        Step { name: name.to_owned(), to, is_fault: false }
    }

    fn fault(&self, steps: &mut Vec<Step>, name: &str, change: impl Fn(&mut World)) {
        if self.faults > 0 {
            let mut step = self.step(name, change);
            step.to.faults -= 1;
            steps.push(Step { is_fault: true, ..step });
        }
    }
}

impl Row {
    /// What a statement would make of it, and whether it would do anything.
    fn clone_with(&self, statement: fn(&mut Row) -> bool) -> (Row, bool) {
        let mut row = *self;
        let done = statement(&mut row);
        (row, done)
    }
}
