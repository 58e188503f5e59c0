//! Every service a process of its own, over RabbitMQ.

use futures_util::future::join_all;
use waybill_testkit::servers::rabbitmq;
use waybill_testkit::{Program, eventually};
use waybill_tests::{Node, Pair, Party, SOON, account_check, unique, verification};

use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::one;

pub const SERVICES: [&str; 7] =
    ["callback", "relay", "keys", "chainalysis", "refinitiv", "counterparty", "ingress"];

/// Lets our services reach each other over the shared broker, with queues of this test's own.
pub async fn prepared() -> Pair {
    on_the_broker(Pair::prepare(DATABASE).await).await
}

/// The same for a pair on a database of the test's own.
pub async fn on_the_broker(pair: Pair) -> Pair {
    let broker = tokio::task::spawn_blocking(|| rabbitmq().url()).await.expect("a broker");
    let bus = format!("\n[bus]\nurl = \"{broker}\"\nprefix = \"{}\"\n", unique("test"));
    let file = pair.ours.config(&pair.folder);
    let settings = std::fs::read_to_string(&file).expect("our settings");
    std::fs::write(&file, settings + &bus).expect("settings can be written");
    pair
}

/// One service of a node, with a folder of its own.
async fn service(node: &Node, pair: &Pair, name: &str, number: usize) -> Program {
    service_with(node, pair, name, number, &[]).await
}

/// The same with further settings.
pub async fn service_with(
    node: &Node,
    pair: &Pair,
    name: &str,
    number: usize,
    settings: &[(&str, &str)],
) -> Program {
    let folder = pair.state().join(format!("ours-{name}-{number}"));
    let command = node.command(name, &pair.folder).env("WAYBILL__NODE__DATA_DIR", folder);
    let command = settings.iter().fold(command, |command, (name, value)| command.env(name, value));
    let mut program = command.start();
    program.wait_for_line("ready", SOON).await;
    program
}

pub async fn stop(program: &mut Program) {
    program.terminate();
    let ended = program.wait_for_exit(SOON).await;
    assert!(ended.success(), "{ended}: {}", program.stderr());
}

#[tokio::test]
async fn withdrawals_go_through_services_that_are_processes_of_their_own() {
    let mut pair = prepared().await;
    pair.robot.start(&pair.folder, &[]).await;
    let mut services = Vec::new();
    for name in SERVICES {
        services.push(service(&pair.ours, &pair, name, 1).await);
    }
    let ours = pair.ours.party;
    eventually("all services have found each other", SOON, async || {
        (ours.check_account(&account_check()).await.status == 200).then_some(())
    })
    .await;
    let withdrawals = join_all((0..10).map(|number| one(ours, number))).await;
    let verified =
        withdrawals.iter().find(|withdrawal| !withdrawal.to_ourselves).expect("some go to the robot");
    pair.robot.party.inquire(&verified.uuid).await.ok();
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
    risks_are_assessed(ours).await;
    for program in &mut services {
        stop(program).await;
    }
    pair.robot.stop().await;
}

/// By services that meet the others on the broker and in the database only.
async fn risks_are_assessed(ours: Party) {
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    ours.screen("chainalysis-sanction", &uuid).await.ok();
    for vendor in ["chainalysis-kyt", "refinitiv-wco"] {
        let request = ours.request_id(vendor, &uuid).await;
        ours.backend.assessment(&uuid, &request).await;
    }
}

#[tokio::test]
async fn a_second_process_of_each_service_shares_the_work_and_takes_over() {
    let mut pair = prepared().await;
    pair.robot.start(&pair.folder, &[]).await;
    let mut services = Vec::new();
    // The private API and the public listener have one port each in these settings.
    for (name, number) in
        [("keys", 1), ("keys", 2), ("callback", 1), ("callback", 2), ("counterparty", 1), ("ingress", 1)]
    {
        services.push(service(&pair.ours, &pair, name, number).await);
    }
    let ours = pair.ours.party;
    let first = join_all((0..5).map(|number| one(ours, number))).await;
    for program in [0, 2] {
        services[program].kill9().await;
    }
    let then = join_all((5..10).map(|number| one(ours, number))).await;
    nothing_is_lost_or_doubled(&pair, &[first, then].concat()).await;
    for program in [1, 3, 4, 5] {
        stop(&mut services[program]).await;
    }
    pair.robot.stop().await;
}

#[tokio::test]
async fn a_service_alone_needs_a_broker() {
    let pair = Pair::prepare(DATABASE).await;
    for name in SERVICES {
        let mut program = pair.ours.command(name, &pair.folder).start();
        let ended = program.wait_for_exit(SOON).await;
        let told = program.stderr();
        assert!(!ended.success() && told.contains("bus.url") && told.contains(name), "{name}: {told}");
    }
}
