//! Logs and spans tell how a screening went, and nothing of what it was about: no key, address, hash or name.
//!
//! Alone in its program, so that it can listen to everything the program logs.

#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "screening/house.rs"]
mod house;
#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "screening/vendor.rs"]
mod vendor;
#[path = "screening/verification.rs"]
mod verification;

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;
use waybill_domain::Role;
use waybill_jobs::{ScreenAddress, ScreenTransfer};
use waybill_testkit::eventually;

use crate::house::{House, KYT_KEY, PATIENCE, SANCTION_KEY};
use crate::vendor::{Act, Endpoint, alert, refusal};
use crate::verification::{BENEFICIARY, HASH, ORIGINATOR, Wish};

/// What a vendor writes of an address.
const SERVICE: &str = "NAME-OF-A-SERVICE";
const SDN: &str = "NAME-ON-A-LIST";

/// Collects log output.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn record_everything(&self) {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .init();
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

#[tokio::test]
async fn nothing_that_was_asked_or_said_is_logged() {
    let log = Log::default();
    log.record_everything();
    let house = House::with(&[
        ("WAYBILL__CHAINALYSIS__SANCTION_REUSE", "0s"),
        ("WAYBILL__CHAINALYSIS__KYT_REUSE", "0s"),
        ("WAYBILL__CHAINALYSIS__KYT_TIMEOUT", "500ms"),
        ("WAYBILL__CHAINALYSIS__SANCTION_TIMEOUT", "500ms"),
        ("WAYBILL__CHAINALYSIS__KYT_LATE_CHECKS", "100ms"),
    ])
    .await;
    let (out, back) = (Wish::of(1, Role::Originator).reported(), Wish::of(2, Role::Beneficiary).reported());
    house.verification(&out).await;
    house.verification(&back).await;
    let hit = Act::ok(json!({"identifications": [{"category": "other", "name": SDN, "description": SDN}]}));
    let echo = json!({"message": format!("{SDN} {BENEFICIARY} {SANCTION_KEY}")});
    house.vendor.will(
        Endpoint::Sanction,
        [
            hit,
            Act::html(200),
            Act::Json(401, echo.clone()),
            Act::Hang,
            Act::Json(400, echo),
            Act::Break,
            Act::Break,
        ],
    );
    for _ in 0..6 {
        let _ = house.sanction(out.uuid).await; // each ends in its own way
    }
    house.command(back.uuid, &ScreenAddress { verification_uuid: back.uuid, role: Role::Beneficiary }).await;

    let told = format!("{SERVICE} {BENEFICIARY} {KYT_KEY}");
    house.vendor.will(
        Endpoint::Register,
        [
            Act::Json(400, refusal(400, &told)),
            Act::Json(403, refusal(403, &told)),
            Act::Json(500, json!({})),
            Act::Hang,
        ],
    );
    let mut strange = alert("s", "STRANGE");
    strange["service"] = json!(SERVICE);
    let mut known = alert("k", "SEVERE");
    known["service"] = json!(SERVICE);
    house.vendor.will(Endpoint::Alerts, [Act::ok(json!({"alerts": [strange]})), Act::html(200)]);
    house.vendor.always(Endpoint::Alerts, Act::ok(json!({"alerts": [known]})));
    house.vendor.will(Endpoint::Summary, [Act::Json(403, refusal(403, &told))]);
    for _ in 0..2 {
        house.register(out.uuid).await.unwrap_err();
    }
    for _ in 0..3 {
        house.register(out.uuid).await.unwrap();
    }
    house.command(back.uuid, &ScreenTransfer { verification_uuid: back.uuid, role: Role::Beneficiary }).await;
    eventually("the vendor was asked for results", PATIENCE, async || {
        // The gate is closed after the refusal of the key: the clock opens it.
        house.clock.advance(std::time::Duration::from_secs(61));
        (house.vendor.count(Endpoint::Alerts) >= 3).then_some(())
    })
    .await;

    let log = log.text();
    for proof in ["chainalysis-kyt", "chainalysis-sanction", "alarm"] {
        assert!(log.contains(proof), "{proof} was logged");
    }
    let normalized = BENEFICIARY.trim_start_matches("0x").to_lowercase();
    for secret in [KYT_KEY, SANCTION_KEY, BENEFICIARY, ORIGINATOR, HASH, SERVICE, SDN, &normalized] {
        let at = log.find(secret).map(|at| &log[log[..at].rfind('\n').unwrap_or(0)..at]);
        assert_eq!(at, None, "{secret} in the log");
    }
}
