//! Faults in turn, then at random, under load.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use waybill_domain::Entropy as _;
use waybill_testkit::servers::ServerKind;
use waybill_testkit::{SeededEntropy, eventually};
use waybill_tests::fleet::Fleet;

use crate::faults::Fault;
use crate::ledger::Ledger;
use crate::load::Load;
use crate::report::{Span, head};
use crate::withdrawal::Customer;
use crate::{PATIENCE, verdict};

/// Messages that a queue holds: fewer than come while nobody takes them.
const MAX_LENGTH: u32 = 40;

/// What to do.
pub struct Plan {
    /// Each in turn, and each healed before the next.
    pub faults: Vec<Fault>,
    /// How long faults come at random after that.
    pub random: Duration,
    pub seed: u64,
    /// Withdrawals a second.
    pub rate: f64,
}

impl Plan {
    /// Nothing fails; the rest is as `WAYBILL_CRASH_…` says, or as usual.
    pub fn of_the_environment() -> Self {
        Self {
            faults: Vec::new(),
            random: Duration::ZERO,
            seed: number("WAYBILL_CRASH_SEED").unwrap_or(20_261_121),
            rate: number("WAYBILL_CRASH_RATE").unwrap_or(6) as f64,
        }
    }

    /// Every fault, or those that are named in the environment, and then some at random.
    pub fn everything() -> Self {
        let wanted = std::env::var("WAYBILL_CRASH_FAULT").unwrap_or_default();
        let faults: Vec<Fault> =
            Fault::all().into_iter().filter(|fault| fault.name().contains(&wanted)).collect();
        assert!(!faults.is_empty(), "no fault is called {wanted:?}");
        let random = Duration::from_secs(number("WAYBILL_CRASH_SECONDS").unwrap_or(120));
        Self { faults, random, ..Self::of_the_environment() }
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is {text:?}, not a number")))
}

/// Lets it all happen, and looks at what is left.
pub async fn weather(kind: ServerKind, plan: Plan) {
    println!("{kind:?}, seed {}, {} withdrawals a second", plan.seed, plan.rate);
    let mut fleet = Fleet::start(kind, MAX_LENGTH).await;
    let chance = SeededEntropy::new(plan.seed);
    let customer = Customer {
        apis: fleet.apis.clone(),
        callbacks: fleet.callbacks.clone(),
        ledger: Ledger::default(),
        chance: chance.clone(),
    };
    let ledger = customer.ledger.clone();
    let load = Load::begin(customer, plan.rate);
    until_ended(&ledger, 5).await; // it works

    head();
    let mut struck = Vec::new();
    for fault in &plan.faults {
        endure(*fault, fault.hold(), &mut fleet, &ledger).await;
        struck.push(*fault);
    }
    let end = Instant::now() + plan.random;
    while Instant::now() < end {
        let fault = plan.faults[chance.below(plan.faults.len() as u64) as usize];
        let hold = Duration::from_millis(chance.below(8_000));
        endure(fault, hold, &mut fleet, &ledger).await;
        struck.push(fault);
    }
    load.end(PATIENCE).await;
    let given_up = struck.iter().map(|fault| fault.given_up()).sum();
    verdict::look(&mut fleet, &ledger, given_up).await;
}

/// One fault, from the strike until everything that was accepted meanwhile has ended.
async fn endure(fault: Fault, hold: Duration, fleet: &mut Fleet, ledger: &Ledger) {
    let struck = Instant::now();
    fault.strike(fleet).await;
    sleep(hold).await;
    fault.heal(fleet).await;
    let healed = Instant::now();
    until_ended(ledger, ledger.begun()).await;
    let span = Span { name: fault.name(), struck, healed, recovered: Instant::now() };
    span.print(ledger, &fleet.callbacks);
    let took = span.recovered - span.healed;
    assert!(took <= fault.over_after(), "{} was not over for {took:?}", span.name);
    let impolite = ledger.impolite(span.struck, span.recovered);
    assert!(impolite.is_empty(), "{}: answered {impolite:?}", span.name);
    if fault.spares_the_api() {
        let refused = ledger.refusals(span.struck, span.healed);
        assert!(refused.is_empty(), "{}: refused {refused:?}", span.name);
        assert!(hold.is_zero() || span.accepted_meanwhile(ledger) > 0, "{}: nothing accepted", span.name);
    }
}

/// Waits until the first so many withdrawals have ended.
async fn until_ended(ledger: &Ledger, first: usize) {
    let what = format!("the first {first} withdrawals have ended");
    eventually(&what, PATIENCE, async || (ledger.begun() >= first && ledger.have_ended(first)).then_some(()))
        .await;
}
