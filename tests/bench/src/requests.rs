//! What a backend asks of a node, timed.

use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;
use waybill_sandbox::ROBOT_VASP;

use crate::api::Api;
use crate::backends::Callbacks;

/// The size of a verification's IVMS101 payload.
const PAYLOAD: usize = 2048;

/// Longer than any outage that is part of a benchmark.
const PATIENCE: Duration = Duration::from_secs(300);

/// A verification with a payload of 2 KB from POST to callback, again and again; gives its latency.
pub fn verifying(
    ingress: SocketAddr,
    callbacks: Callbacks,
) -> anyhow::Result<impl Fn() -> Verifying + Clone + Send + 'static> {
    verifying_with(ingress, callbacks, &ROBOT_VASP.to_string())
}

/// The same to another counterparty.
pub fn verifying_with(
    ingress: SocketAddr,
    callbacks: Callbacks,
    vasp_id: &str,
) -> anyhow::Result<impl Fn() -> Verifying + Clone + Send + use<>> {
    let (api, body) = (Api::at(ingress), verification(vasp_id)?);
    Ok(move || -> Verifying { Box::pin(verify(api.clone(), callbacks.clone(), body.clone())) })
}

type Verifying = Pin<Box<dyn Future<Output = anyhow::Result<Duration>> + Send>>;

async fn verify(api: Api, callbacks: Callbacks, body: Bytes) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let answer = api.post("/v1/verifications", body).await?;
    let uuid = answer["verificationUuid"].as_str().context("no verificationUuid")?.to_owned();
    let wait = tokio::time::timeout(PATIENCE, callbacks.of(uuid)).await;
    let (at, verified) = wait.context("no callback came")??;
    ensure!(verified, "the callback did not say VERIFIED");
    Ok(at - begun)
}

/// One account check; the latency.
pub async fn check(api: Api) -> anyhow::Result<Duration> {
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

/// The body of a verification whose IVMS101 payload has 2 KB.
fn verification(vasp_id: &str) -> anyhow::Result<Bytes> {
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
            "keyType": "PerVasp", "beneficiaryVaspId": vasp_id,
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
