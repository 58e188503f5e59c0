//! What fails, and how it is mended.

use std::time::Duration;

use waybill_testkit::WrongClock;
use waybill_testkit::servers::{Broker, Server};
use waybill_tests::fleet::{Fleet, SERVICES};
use waybill_tests::{SOON, poison};

/// One thing that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9` of one of two processes of a service.
    Killed(&'static str),
    /// `kill -9` of the other VASP's node.
    RobotKilled,
    BrokerRestarted,
    BrokerKilled,
    /// The broker has no memory: whoever publishes is blocked.
    BrokerFull,
    BrokerLineCut,
    BrokerLineStalled,
    DatabaseRestarted,
    DatabaseKilled,
    DatabaseLineCut,
    DatabaseLineStalled,
    /// Between the VASPs, both ways.
    PeerLineCut,
    PeerLineStalled,
    /// No worker takes commands, until their queue is full.
    QueueFull,
    /// The queue of verifications is deleted, with all that is in it.
    QueueDeleted,
    /// The other VASP's clock is wrong by so many minutes. Messages are valid for five.
    Clock(i64),
    /// Two operators migrate at once.
    Migrations,
    /// A command that nobody can read.
    Poison,
}

impl Fault {
    /// Each of them.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = SERVICES.map(Self::Killed).to_vec();
        all.extend([
            Self::RobotKilled,
            Self::BrokerRestarted,
            Self::BrokerKilled,
            Self::BrokerFull,
            Self::BrokerLineCut,
            Self::BrokerLineStalled,
            Self::DatabaseRestarted,
            Self::DatabaseKilled,
            Self::DatabaseLineCut,
            Self::DatabaseLineStalled,
            Self::PeerLineCut,
            Self::PeerLineStalled,
            Self::QueueFull,
            Self::QueueDeleted,
            Self::Clock(4),
            Self::Clock(-4),
            Self::Clock(6),
            Self::Clock(-6),
            Self::Migrations,
            Self::Poison,
        ]);
        all
    }

    pub fn name(self) -> String {
        match self {
            Self::Killed(service) => format!("{service} killed"),
            Self::RobotKilled => "peer killed".to_owned(),
            Self::BrokerRestarted => "broker restarted".to_owned(),
            Self::BrokerKilled => "broker killed".to_owned(),
            Self::BrokerFull => "broker out of memory".to_owned(),
            Self::BrokerLineCut => "line to broker cut".to_owned(),
            Self::BrokerLineStalled => "line to broker stalled".to_owned(),
            Self::DatabaseRestarted => "database restarted".to_owned(),
            Self::DatabaseKilled => "database killed".to_owned(),
            Self::DatabaseLineCut => "line to database cut".to_owned(),
            Self::DatabaseLineStalled => "line to database stalled".to_owned(),
            Self::PeerLineCut => "lines to peer cut".to_owned(),
            Self::PeerLineStalled => "lines to peer stalled".to_owned(),
            Self::QueueFull => "queue full".to_owned(),
            Self::QueueDeleted => "queue deleted".to_owned(),
            Self::Clock(minutes) => format!("peer's clock {minutes:+} min"),
            Self::Migrations => "two migrations".to_owned(),
            Self::Poison => "poison command".to_owned(),
        }
    }

    /// How long it lasts.
    pub fn hold(self) -> Duration {
        match self {
            Self::Migrations | Self::Poison => Duration::from_secs(1),
            Self::QueueFull | Self::Clock(_) => Duration::from_secs(10),
            _ => Duration::from_secs(4),
        }
    }

    /// Whether our private API must accept as if nothing had happened.
    pub fn spares_the_api(self) -> bool {
        !matches!(
            self,
            Self::Killed("ingress")
                | Self::DatabaseRestarted
                | Self::DatabaseKilled
                | Self::DatabaseLineCut
                | Self::DatabaseLineStalled
        )
    }

    /// When all that it held up must have come through at the latest. Less than a lease: nobody waits for one to end whose
    /// holder lives, or comes back.
    pub fn over_after(self) -> Duration {
        Duration::from_secs(if self.is_between_vasps() { 75 } else { 45 })
    }

    /// Another VASP is left alone the longer, the longer it did not answer.
    fn is_between_vasps(self) -> bool {
        matches!(self, Self::RobotKilled | Self::PeerLineCut | Self::PeerLineStalled | Self::Clock(_))
    }

    pub async fn strike(self, fleet: &mut Fleet) {
        match self {
            Self::Killed(name) => fleet.replicas(name).next().expect("it has replicas").kill().await,
            Self::RobotKilled => fleet.robot.kill().await,
            Self::BrokerRestarted => Fleet::blocking(&fleet.broker, Broker::stop).await,
            Self::BrokerKilled => Fleet::blocking(&fleet.broker, Broker::kill9).await,
            Self::BrokerFull => Fleet::blocking(&fleet.broker, Broker::raise_alarm).await,
            Self::BrokerLineCut => fleet.lines.broker.cut(),
            Self::BrokerLineStalled => fleet.lines.broker.stall(),
            Self::DatabaseRestarted => Fleet::blocking(&fleet.database, Server::stop).await,
            Self::DatabaseKilled => Fleet::blocking(&fleet.database, Server::kill9).await,
            Self::DatabaseLineCut => fleet.lines.database.cut(),
            Self::DatabaseLineStalled => fleet.lines.database.stall(),
            Self::PeerLineCut => {
                fleet.lines.to_robot.cut();
                fleet.lines.to_us.cut();
            }
            Self::PeerLineStalled => {
                fleet.lines.to_robot.stall();
                fleet.lines.to_us.stall();
            }
            Self::QueueFull => {
                for service in fleet.replicas("counterparty") {
                    service.kill().await;
                }
            }
            Self::QueueDeleted => {
                Fleet::blocking(&fleet.broker, |broker| broker.delete_queue("ours.VERIFY")).await;
            }
            Self::Clock(minutes) => {
                let clock = WrongClock::find().unwrap_or_else(|why| panic!("{why}"));
                fleet.robot.stop().await;
                fleet.robot.start_with(&fleet.pair.folder, &clock.environment(60 * minutes)).await;
            }
            Self::Migrations => migrate_twice(fleet).await,
            Self::Poison => poison(&fleet.pair.ours.database, "VERIFY").await,
        }
    }

    pub async fn heal(self, fleet: &mut Fleet) {
        let Fleet { pair, lines, robot, .. } = fleet;
        match self {
            Self::RobotKilled => robot.start(&pair.folder).await,
            Self::Clock(_) => {
                robot.stop().await;
                robot.start(&pair.folder).await;
            }
            Self::BrokerRestarted | Self::BrokerKilled => Fleet::blocking(&fleet.broker, Broker::start).await,
            Self::BrokerFull => Fleet::blocking(&fleet.broker, Broker::clear_alarm).await,
            Self::DatabaseRestarted | Self::DatabaseKilled => {
                Fleet::blocking(&fleet.database, Server::start).await;
            }
            _ => lines.restore(),
        }
        // Nobody else may have died of it.
        for service in &mut fleet.services {
            let killed = self == Self::Killed(service.name)
                || (self == Self::QueueFull && service.name == "counterparty");
            match service.is_up() {
                true => {}
                false if killed => service.start(&fleet.pair.folder).await,
                false => panic!("{} died of {}", service.name, self.name()),
            }
        }
    }

    /// How many commands are given up because of it.
    pub fn given_up(self) -> usize {
        usize::from(self == Self::Poison)
    }
}

async fn migrate_twice(fleet: &Fleet) {
    let begin = || fleet.pair.ours.command("migrate", &fleet.pair.folder).start();
    for mut migration in [begin(), begin()] {
        let ended = migration.wait_for_exit(SOON).await;
        assert!(ended.success(), "waybill migrate ended with {ended}: {}", migration.stderr());
    }
}
