//! Logs, reasons for failures, the log of deliveries and the files on disk tell how a delivery went, and nothing of
//! what it carried.
//!
//! Alone in its program, so that it can listen to everything the program logs.

#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "delivery/backend.rs"]
mod backend;
#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "delivery/support.rs"]
mod support;

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tracing_subscriber::fmt::format::FmtSpan;
use waybill_jobs::CallbackType;
use waybill_store::tables::commands::CommandStatus;
use waybill_testkit::TestFolder;

use crate::backend::{Backend, Reply};
use crate::support::{HOUR, ONE, Options, callback, house};

const PLANTED: [&str; 6] = ["TAYLOR-ROBBINS", "ALEX-DOE", "OUR-VASP", "WELCOME-MESSAGE", "t0ken", ONE];

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

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn nothing_that_was_carried_is_told() {
    let log = Log::default();
    log.record_everything();
    let replies = [Reply::Status(503), Reply::Status(404), Reply::Never, Reply::Cut, Reply::Huge(70_000)];
    let (folder, backend) = (TestFolder::new(), Backend::start(replies).await);
    let mut options = Options::of(&backend);
    options.backend.callback_timeout = Duration::from_millis(300);
    let clock = options.clock.clone();
    let house = house(folder.path(), options).await;
    for byte in [1, 2] {
        house.add_verified(byte).await;
    }
    let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
    house.until_delivered(id).await;
    backend.answer_by(|_| Reply::With(500, "x-name", "ALEX-DOE"));
    let dead = house.deliver(&callback(CallbackType::VerificationResult, 2)).await;
    house.until_attempted(dead, 1).await;
    clock.advance(25 * HOUR);
    house.until(dead, CommandStatus::Error).await;

    let body = backend.arrived().remove(0).body;
    assert!(tells(&body, "TAYLOR-ROBBINS").is_some(), "the search finds what is there");
    let told = [
        ("the log", log.bytes()),
        ("the list", format!("{:?} {:?}", house.view(id).await, house.view(dead).await).into_bytes()),
        ("the deliveries", format!("{:?}", house.deliveries(dead).await).into_bytes()),
    ];
    assert!(tells(&told[0].1, "VERIFICATION_RESULT").is_some(), "something was logged");
    for (place, bytes) in told.into_iter().chain(files(folder.path())) {
        for secret in PLANTED {
            assert_eq!(tells(&bytes, secret), None, "{secret} in {place}");
        }
    }
}

fn files(folder: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| ("a file", std::fs::read(entry.unwrap().path()).unwrap())).collect()
}

/// The form in which `bytes` hold `secret`, if they do.
fn tells(bytes: &[u8], secret: &str) -> Option<String> {
    let hex = |upper: bool| -> String {
        secret.bytes().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect()
    };
    let escaped = secret.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
    let mut forms = vec![secret.to_owned(), hex(false), hex(true), escaped];
    // In base64 a text looks different at each of three offsets; its first and last letters depend on its neighbours.
    for offset in 0..3 {
        let encoded = STANDARD_NO_PAD.encode(format!("{}{secret}", "\0".repeat(offset)));
        forms.push(encoded[[0, 2, 3][offset]..encoded.len() - 1].to_owned());
    }
    forms.into_iter().find(|form| bytes.windows(form.len()).any(|window| window == form.as_bytes()))
}

#[test]
fn every_form_is_found() {
    for text in ["Riley", "52696c6579", "52696C6579", "\\u0052\\u0069\\u006c\\u0065\\u0079"] {
        assert!(tells(format!("- {text} -").as_bytes(), "Riley").is_some(), "{text}");
    }
    for before in ["", "a", "ab", "abc"] {
        let encoded = STANDARD_NO_PAD.encode(format!("{before}Riley, and more"));
        assert!(tells(encoded.as_bytes(), "Riley").is_some(), "{before}");
    }
    assert_eq!(tells(b"Rile y", "Riley"), None);
}
