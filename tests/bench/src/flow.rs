//! Verifications, from POST to the delivered callback, and account checks; two nodes as two processes.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;
use waybill_sandbox::ROBOT_VASP;
use waybill_store::{Store, StoreOptions};
use waybill_testkit::{PortBlock, TestFolder};

use crate::api::Api;
use crate::backends::{self, Callbacks};
use crate::disk;
use crate::load::{Outcome, closed_loop, open_loop};
use crate::nodes::Nodes;
use crate::process::{cpu_seconds, resident_mb};

/// The size of a verification's IVMS101 payload.
const PAYLOAD: usize = 2048;
const IN_FLIGHT: usize = 64;

pub async fn run(seconds: u64) -> anyhow::Result<()> {
    let (folder, ports) = Nodes::prepare().await;
    let address = |offset: u16| std::net::SocketAddr::from(([127, 0, 0, 1], ports.base() + offset));
    let (ingress, sandbox) = (address(117), address(300));
    let callbacks = backends::serve(sandbox, &folder).await?;
    println!(
        "disk                              {:.0} flushed writes of 8 KB per second",
        disk::flushes_per_second(folder.path())?
    );
    let api = Api::at(ingress);
    let body = verification()?;
    let verify = {
        let (api, callbacks) = (api.clone(), callbacks.clone());
        move || verify(api.clone(), callbacks.clone(), body.clone())
    };
    let check = move || check(api.clone());

    let (folder, ports) = commits(folder, ports, 1, &verify).await?;
    let (folder, ports) = commits(folder, ports, IN_FLIGHT, &verify).await?;

    let nodes = Nodes::start(folder, ports).await;
    println!("one node, idle                    {:.1} MB resident", resident_mb(nodes.ours.id())?);
    closed_loop(1, Duration::from_secs(2), verify.clone()).await?;
    let alone = closed_loop(1, Duration::from_secs(5), verify.clone()).await?;
    println!("verifications, one at a time      {}", alone.line());
    let checks = closed_loop(1, Duration::from_secs(5), check.clone()).await?;
    println!("account checks, one at a time     {}", checks.line());
    let checks = closed_loop(16, Duration::from_secs(5), check).await?;
    println!("account checks, 16 at a time      {}", checks.line());

    let most = closed_loop(IN_FLIGHT, Duration::from_secs(10), verify.clone()).await?;
    println!("verifications, {IN_FLIGHT} at a time     {}", most.line());
    steady(&nodes, &verify, most.rate() * 0.85, seconds).await?;
    let half = open_loop(most.rate() / 2.0, Duration::from_secs(seconds / 2), verify.clone()).await?;
    println!("verifications, half of the most   {}", half.line());

    let stopped = nodes.stop().await;
    sizes(&stopped.folder).await
}

/// Durable commits per verification over both nodes, in a run that does nothing else.
async fn commits<F, W>(
    folder: TestFolder,
    ports: PortBlock,
    in_flight: usize,
    verify: &F,
) -> anyhow::Result<(TestFolder, PortBlock)>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let nodes = Nodes::start(folder, ports).await;
    let outcome = closed_loop(in_flight, Duration::from_secs(5), verify.clone()).await?;
    ensure!(outcome.errors.is_empty(), "{}", outcome.line());
    let stopped = nodes.stop().await;
    let count = outcome.latencies.len() as f64;
    let each = stopped.commits.map(|commits| commits as f64 / count);
    println!(
        "commits per verification          {:.2}, {in_flight} at a time (ours {:.2}, robot {:.2})",
        each[0] + each[1],
        each[0],
        each[1]
    );
    Ok((stopped.folder, stopped.ports))
}

/// The long run: a fixed rate below the most, with what it costs.
async fn steady<F, W>(nodes: &Nodes, verify: &F, rate: f64, seconds: u64) -> anyhow::Result<Outcome>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let pids = [nodes.ours.id(), nodes.robot.id()];
    let before = [cpu_seconds(pids[0])?, cpu_seconds(pids[1])?];
    let outcome = open_loop(rate, Duration::from_secs(seconds), verify.clone()).await?;
    let spent = [cpu_seconds(pids[0])? - before[0], cpu_seconds(pids[1])? - before[1]];
    println!("verifications, fixed rate {seconds:>3} s   {}", outcome.line());
    let each = |spent: f64| spent * 1000.0 / outcome.latencies.len() as f64;
    println!(
        "processor time per verification   {:.2} ms (ours {:.2}, robot {:.2})",
        each(spent[0] + spent[1]),
        each(spent[0]),
        each(spent[1])
    );
    let resident = [resident_mb(pids[0])?, resident_mb(pids[1])?];
    println!(
        "under load                        ours {:.1} MB, robot {:.1} MB resident",
        resident[0], resident[1]
    );
    Ok(outcome)
}

async fn verify(api: Api, callbacks: Callbacks, body: Bytes) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let answer = api.post("/v1/verifications", body).await?;
    let uuid = answer["verificationUuid"].as_str().context("no verificationUuid")?.to_owned();
    let wait = tokio::time::timeout(Duration::from_secs(60), callbacks.of(uuid)).await;
    let (at, verified) = wait.context("no callback within a minute")??;
    ensure!(verified, "the callback did not say VERIFIED");
    Ok(at - begun)
}

async fn check(api: Api) -> anyhow::Result<Duration> {
    let body = json!({
        "keyType": "PerVasp", "beneficiaryVaspId": ROBOT_VASP, "symbol": "ETH", "network": "Ethereum",
        "payload": { "version": "1.0", "ivms101": { "beneficiary": beneficiary() } },
    });
    let begun = Instant::now();
    let answer = api.post("/v1/verifications/account", serde_json::to_vec(&body)?.into()).await?;
    ensure!(answer["accountVerificationResult"] == "VERIFIED", "the account was not verified");
    Ok(begun.elapsed())
}

fn beneficiary() -> Value {
    json!({
        "beneficiaryPersons": [{ "naturalPerson": { "name": { "nameIdentifier": [
            { "primaryIdentifier": "Taylor", "secondaryIdentifier": "Robbins", "nameIdentifierType": "LEGL" }
        ]}}}],
        "accountNumber": ["0x5811001506550d8356a215be229c15b6ef371a9b"],
    })
}

fn verification() -> anyhow::Result<Bytes> {
    let mut lines = 0;
    loop {
        let address: Vec<String> =
            (0..lines).map(|line| format!("{line} {}", "Example Street ".repeat(4).trim())).collect();
        let address: Vec<Value> = address
            .chunks(7)
            .map(|lines| json!({"addressType": "HOME", "addressLine": lines, "townName": "Seoul", "country": "KR"}))
            .collect();
        let ivms101 = json!({
            "originator": {
                "originatorPersons": [{ "naturalPerson": {
                    "name": { "nameIdentifier": [
                        { "primaryIdentifier": "Example", "secondaryIdentifier": "Riley", "nameIdentifierType": "LEGL" }
                    ]},
                    "geographicAddress": address,
                    "dateAndPlaceOfBirth": { "dateOfBirth": "1984-05-17", "placeOfBirth": "Seoul" },
                }}],
                "accountNumber": ["0x61c5d1cd7d5ff8bd93a5b1b6a1f4c0d6e7b8a90f"],
            },
            "beneficiary": beneficiary(),
        });
        if ivms101.to_string().len() < PAYLOAD {
            lines += 1;
            continue;
        }
        let body = json!({
            "keyType": "PerVasp", "beneficiaryVaspId": ROBOT_VASP,
            "assetInfo": {
                "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
                "tradePrice": "2500.00", "tradeCurrency": "USD", "tradeISODatetime": "2026-03-03T21:52:08.092Z",
            },
            "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
            "payload": { "version": "1.0", "ivms101": ivms101 },
        });
        return Ok(serde_json::to_vec(&body)?.into());
    }
}

/// Bytes per verification on each side, from the database files that the nodes left.
async fn sizes(folder: &TestFolder) -> anyhow::Result<()> {
    for name in ["ours", "robot"] {
        let path = folder.join(format!(".waybill/{name}/waybill.sqlite"));
        let store = Store::open(&StoreOptions { path, readers: 1 }).await?;
        let sizes = store.sizes().await?;
        let rows = sizes.verifications.max(1);
        println!(
            "bytes per verification, {name:<9} {} row and indexes, {} with all other tables",
            sizes.verifications_bytes / rows,
            sizes.all_bytes / rows
        );
        store.close().await;
    }
    Ok(())
}
