//! Logs, refusals, reasons and the files on disk tell how a screening went, and nothing of whom it was about, of the key or
//! of a signature.
//!
//! Alone in its program, so that it can listen to everything the program logs.

#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "world_check/house.rs"]
mod house;
#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "world_check/vendor.rs"]
mod vendor;

use std::io::Write;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::house::{House, natural, quick};
use crate::vendor::{Fault, KEY, Op, SECRET};

const PLANTED: [&str; 6] = ["TAYLORINA", "ROBBINSON", "1987-06-05", KEY, SECRET, "hmac-sha256"];

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
}

#[tokio::test]
async fn nothing_of_a_person_or_a_key_is_told() {
    let log = Log::default();
    log.record_everything();
    let house = House::with(&[("timeout", "300ms")], quick()).await;
    let born = json!({"dateAndPlaceOfBirth": {"dateOfBirth": "1987-06-05", "placeOfBirth": "US"}});
    let uuid = house.verification(1, json!([natural("ROBBINSON", "TAYLORINA", born)])).await;
    house.vendor.results("TAYLORINA ROBBINSON", &["EXACT"]);
    let mut told = String::new();
    for fault in [
        Fault::refusal(400, "INVALID_NAME", "The name TAYLORINA ROBBINSON is not valid"),
        Fault::refusal(400, "INVALID_DATE", "1987-06-05"),
        Fault::status(401),
        Fault::Garbled("TAYLORINA".to_owned()),
        Fault::Silent,
    ] {
        house.vendor.fault(Op::Create, fault);
        match house.ask(uuid).await {
            Ok(request_id) => told.push_str(&format!("{:?}", house.processed(&request_id).await)),
            Err(fault) => told.push_str(&format!("{fault:?} {fault}")),
        }
    }
    for op in [Op::Status, Op::Case, Op::Results] {
        house.vendor.fault(op, Fault::refusal(500, "TAYLORINA", "ROBBINSON"));
        house.vendor.fault(op, Fault::Garbled(r#"[{"matchStrength":{"TAYLORINA":1}"#.to_owned()));
    }
    let request_id = house.ask(uuid).await.unwrap();
    house.processed(&request_id).await;

    let asked = house.vendor.bodies(Op::Create)[0].to_string();
    assert!(tells(asked.as_bytes(), "TAYLORINA").is_some(), "the search finds what is there");
    let logged = log.0.lock().unwrap().clone();
    assert!(tells(&logged, "World-Check").is_some(), "something was logged");
    let mut places = vec![("the log".to_owned(), logged), ("what is said".to_owned(), told.into_bytes())];
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = file.unwrap().path();
        places.push((path.display().to_string(), std::fs::read(path).unwrap()));
    }
    for (place, bytes) in places {
        for secret in PLANTED {
            assert_eq!(tells(&bytes, secret), None, "{secret} in {place}");
        }
    }
}

/// The form in which `bytes` hold `secret`, if they do.
fn tells(bytes: &[u8], secret: &str) -> Option<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped = secret.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
    let mut forms = vec![secret.to_owned(), hex, escaped];
    // In base64 a text looks different at each of three offsets; its first and last letters depend on its neighbours.
    for offset in 0..3 {
        let encoded = STANDARD_NO_PAD.encode(format!("{}{secret}", "\0".repeat(offset)));
        forms.push(encoded[[0, 2, 3][offset]..encoded.len() - 1].to_owned());
    }
    forms.into_iter().find(|form| bytes.windows(form.len()).any(|window| window == form.as_bytes()))
}
